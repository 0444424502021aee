#include "yam/service/tftp_client/tftp_call.hpp"

#include <algorithm>

#include "yam/net/socket/path_mtu.hpp"
#include "yam/net/socket/resolver.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

constexpr std::size_t udp_header_bytes = 8;
constexpr std::size_t slack_bytes = 40;
constexpr std::size_t mtu_ethernet = 1500;
// A block counts for more than its bytes in a socket's buffer, of which Linux gives 208 KiB.
constexpr std::size_t in_flight_bytes_max = 128 * 1024;
// As much as the system lets us have: what arrives while the disk is busy.
constexpr int receive_buffer_bytes = 4 * 1024 * 1024;

tftp::Options options_of(const TftpWish& wish, const net::SocketAddress& server, const TftpUrl& url,
                         std::optional<std::uint64_t> size_bytes) {
  tftp::Options options;
  if (!wish.options) return options;
  const bool is_v4 = server.family() == AF_INET;
  options.block_bytes = wish.block_bytes;
  if (!options.block_bytes)
    options.block_bytes = block_bytes_for(net::path_mtu_to(server).value_or(mtu_ethernet), is_v4);
  options.window = wish.window.value_or(window_for(*options.block_bytes));
  options.timeout_seconds = wish.timeout_seconds;
  // Of text nobody knows how long it is on the wire.
  if (url.mode == tftp::Mode::octet) options.size_bytes = size_bytes;
  return options;
}

Error as_unreachable(const net::SocketAddress& server, Error error) {
  if (error.code == Code::local) return error;
  const bool is_default = server.ip() && server.ip()->port == tftp_port_default;
  if (is_default && error.hint.empty()) error.hint = "`yam serve` listens on port 6969: write HOST:6969";
  error.code = Code::network;
  return error;
}

std::unexpected<Error> give_up(const TftpCall& call, Error error) {
  if (call.ladder) call.ladder->handle_end(error.what, {}, Clock::now());
  return fail(std::move(error));
}

net::Task<Result<TftpCall>> call_address(net::Loop& loop, TftpScratch& scratch, net::SocketAddress server,
                                         tftp::Requester::Ask ask, TftpWish wish, TftpReport& report) {
  TftpCall call;  // before the port that it is to hold
  net::DatagramOptions socket_options;
  socket_options.gro = true;
  socket_options.receive_buffer_bytes = receive_buffer_bytes;
  const Family family = server.family() == AF_INET ? Family::v4 : Family::v6;
  const IpAddress here = wish.bind.value_or(IpAddress::any(family));
  if (here.is_v4() != (family == Family::v4))
    co_return fail(Code::network, "cannot call " + server.to_string() + " from " + here.to_string() +
                                      ": one is IPv4, the other IPv6");
  socket_options.bind = net::SocketAddress::of({here, wish.source_port});
  auto port = TftpPort::call(loop, scratch, server, socket_options);
  if (!port) co_return fail(port.error());
  auto requester = tftp::Requester::make(std::move(ask), Clock::now(), patience_of(wish));
  if (!requester) co_return fail(requester.error());
  net::SocketAddress answered = server;
  if (wish.ladders != nullptr) {
    call.ladder = std::make_unique<TftpLadder>(*wish.ladders, (*port)->local_address().to_string(),
                                               server.to_string(), Clock::now());
    (*port)->set_tap(call.ladder.get());
  }
  while (!requester->agreed() && requester->end() == tftp::End::none) {
    while (const auto request = requester->poll_packet(Clock::now())) {
      const auto sent = co_await (*port)->send(*request);
      if (!sent) co_return give_up(call, as_unreachable(server, sent.error()));
    }
    const auto got = co_await (*port)->receive(requester->deadline());
    const Time now = Clock::now();
    if (got) {
      (*port)->hear([&](ByteView packet, const net::SocketAddress& sender) {
        if (requester->agreed() || requester->end() != tftp::End::none) return;
        answered = sender;
        requester->handle_packet(packet, now);
        const auto& agreement = requester->agreed();
        if (agreement && agreement->by == tftp::Agreement::By::data) call.first = copy_of(packet);
      });
    } else if (got.error().code != Code::timeout) {
      co_return give_up(call, as_unreachable(server, got.error()));
    }
    requester->handle_timeout(now);
    report.requests = requester->requests();
    report.fell_back = requester->fell_back();
  }
  (*port)->settle(answered);
  if (!requester->agreed()) {
    if (const auto error = requester->poll_packet(Clock::now())) {
      [[maybe_unused]] const auto sent = co_await (*port)->send(*error);
    }
    co_return give_up(call, requester->error());
  }
  report.server = answered;
  call.agreement = *requester->agreed();
  call.port = std::move(*port);
  co_return call;
}

}  // namespace

std::uint16_t block_bytes_for(std::size_t mtu_bytes, bool is_v4) {
  const std::size_t headers = (is_v4 ? 20U : 40U) + udp_header_bytes + tftp::header_bytes + slack_bytes;
  const std::size_t fits = mtu_bytes > headers ? mtu_bytes - headers : 0;
  return static_cast<std::uint16_t>(std::clamp(fits, tftp::block_bytes_min, tftp::block_bytes_max));
}

std::uint16_t window_for(std::size_t block_bytes) {
  const auto fits = in_flight_bytes_max / block_bytes;
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(fits, 1, tftp::window_blocks_default));
}

tftp::Patience patience_of(const TftpWish& wish) {
  tftp::Patience patience;
  patience.silence = wish.silence;
  // Who wants to wait less, tries less often.
  if (wish.silence < tftp_silence_default) patience.tries_max = 1;
  return patience;
}

net::Task<Result<TftpCall>> call_tftp_server(net::Loop& loop, TftpScratch& scratch, TftpUrl url,
                                             TftpWish wish, bool write,
                                             std::optional<std::uint64_t> size_bytes, TftpReport& report) {
  auto resolving = net::resolve(loop, url.host, after(Clock::now(), wish.silence));
  const auto addresses = co_await std::move(resolving);
  if (!addresses) co_return fail(addresses.error());
  const Time deadline = after(Clock::now(), wish.silence);
  std::optional<Error> first_fault;
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    // Where packets are dropped nobody says so: each address gets its share of the patience that is left.
    TftpWish share = wish;
    const auto left = static_cast<Duration::rep>(addresses->size() - i);
    share.silence = std::max(deadline - Clock::now(), Duration::zero()) / left;
    const IpPort place{(*addresses)[i], url.port};
    report.server = net::SocketAddress::of(place);
    report.asked = options_of(wish, report.server, url, size_bytes);
    tftp::Requester::Ask ask;
    ask.write = write;
    ask.name = url.name;
    ask.mode = url.mode;
    ask.options = report.asked;
    auto calling = call_address(loop, scratch, report.server, ask, share, report);
    auto call = co_await std::move(calling);
    if (call) co_return call;
    if (!first_fault) first_fault = call.error();
    if (call.error().code != Code::network && call.error().code != Code::timeout) co_return call;
  }
  co_return fail(*first_fault);
}

}  // namespace yam::service
