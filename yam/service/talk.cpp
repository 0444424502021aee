#include "yam/service/talk.hpp"

#include <algorithm>
#include <array>

#include "yam/base/text.hpp"
#include "yam/net/message.hpp"

namespace yam::service {

using net::Task;

// ---- Over a stream ----

Task<Result<std::optional<TalkMessage>>> StreamTalk::hear() {
  Bytes buffer(message_bytes_max);
  while (!ended_) {
    const auto count = co_await stream_.read(buffer);
    if (!count) co_return fail(count.error());
    const std::string_view piece = text_of(ByteView(buffer).first(*count));
    TalkMessage message;
    if (stream_.keeps_messages()) {
      message.text = piece;
      co_return std::move(message);
    }
    ended_ = piece.empty();
    message.text = std::exchange(cut_, {}).append(piece);
    if (!ended_) {
      const std::size_t whole = whole_utf8(message.text);
      cut_ = message.text.substr(whole);
      message.text.resize(whole);
    }
    if (!message.text.empty()) co_return std::move(message);
  }
  co_return std::nullopt;
}

Task<Result<void>> StreamTalk::say(std::string text) {
  if (text.empty() && !stream_.keeps_messages()) co_return Result<void>();
  const auto written = co_await stream_.write(bytes_of(text));
  if (!written) co_return fail(written.error());
  co_return Result<void>();
}

Task<Result<void>> StreamTalk::finish() {
  const auto finished = co_await stream_.finish();
  if (!finished) co_return fail(finished.error());
  co_return Result<void>();
}

Task<> StreamTalk::leave() {
  // How our last words fare no longer concerns anybody.
  [[maybe_unused]] const auto left = co_await net::leave(stream_);
}

// ---- Over UDP ----

namespace {

// How a socket of `family` addresses `place`: a dual-stack one takes IPv4 mapped (RFC 4291 §2.5.5.2).
net::SocketAddress address_for(int family, const IpPort& place) {
  if (family != AF_INET6 || place.address.is_v6()) return net::SocketAddress::of(place);
  const auto v4 = place.address.bytes();
  std::array<std::uint8_t, 16> mapped{};
  mapped[10] = mapped[11] = 0xff;
  for (std::size_t i = 0; i < v4.size(); ++i)
    mapped[12 + i] = std::to_integer<std::uint8_t>(v4[i]);
  return net::SocketAddress::of(IpPort{IpAddress::v6(mapped), place.port});
}

}  // namespace

Result<std::unique_ptr<DatagramTalk>> DatagramTalk::open(net::Loop& loop, const IpPort& place) {
  net::DatagramOptions options;
  options.broadcast = true;
  auto socket = net::DatagramSocket::bind(loop, net::SocketAddress::of(place), options);
  if (!socket) return fail(socket.error());
  return std::unique_ptr<DatagramTalk>(new DatagramTalk(std::move(*socket)));
}

Task<Result<std::optional<TalkMessage>>> DatagramTalk::hear() {
  if (arrived_.empty()) {
    const auto count = co_await socket_->receive(batch_);
    if (!count) co_return fail(count.error());
    for (const net::Datagram datagram : batch_) {
      TalkMessage message;
      message.text = text_of(datagram.bytes);
      message.from = datagram.sender.ip();
      arrived_.push_back(std::move(message));
    }
  }
  TalkMessage message = std::move(arrived_.front());
  arrived_.pop_front();
  if (message.from) remember(*message.from);
  co_return std::move(message);
}

void DatagramTalk::remember(const IpPort& place) {
  if (!partner_) partner_ = place;
  std::erase(heard_, place);
  if (heard_.size() == heard_max) heard_.erase(heard_.begin());
  heard_.push_back(place);
}

Task<Result<void>> DatagramTalk::say(std::string text) {
  if (!partner_)
    co_return fail(Code::usage, "there is nobody to send this to yet",
                   "`/to HOST:PORT`, or --to HOST:PORT on the command line, says whom to speak to");
  const net::SocketAddress to = address_for(socket_->local_address().family(), *partner_);
  const auto sent = co_await socket_->send_to(to, bytes_of(text));
  if (!sent) co_return fail(sent.error());
  co_return Result<void>();
}

Task<Result<void>> DatagramTalk::finish() {
  co_return Result<void>();
}

Task<> DatagramTalk::leave() {
  co_return;
}

}  // namespace yam::service
