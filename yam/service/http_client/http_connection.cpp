#include "yam/service/http_client/http_connection.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "yam/net/either.hpp"
#include "yam/net/send_file.hpp"

namespace yam::service {

namespace http = proto::http;
using http::What;
using net::Relayed;
using net::Task;

HttpHead::HttpHead(ByteView bytes, const http::ResponseHead& parsed)
    : bytes_(text_of(bytes).begin(), text_of(bytes).end()), parsed_(parsed) {
  const char* from = text_of(bytes).data();
  const auto moved = [&](std::string_view view) {
    return view.empty() ? view : std::string_view(bytes_.data() + (view.data() - from), view.size());
  };
  parsed_.reason = moved(parsed.reason);
  parsed_.fields.clear();
  for (const http::Field& field : parsed.fields)
    parsed_.fields.add({moved(field.name), moved(field.value)});
}

HttpConnection::HttpConnection(net::Loop& loop, net::Connection connection, HttpOrigin origin,
                               Duration silence, HttpObserver* observer)
    : loop_(loop),
      connection_(std::move(connection)),
      origin_(std::move(origin)),
      silence_(silence),
      observer_(observer) {
  if (observer_ != nullptr) observer_->handle_opened(connection_);
}

HttpConnection::~HttpConnection() {
  if (observer_ != nullptr && connection_.stream) observer_->handle_closing(connection_, how_);
}

Result<void> HttpConnection::write_request(const http::Ask& ask) {
  answered_ = false;
  return conversation_.write_request(out_, ask);
}

Task<Result<void>> HttpConnection::send(ByteView content) {
  if (auto framed = conversation_.frame_content(out_, content.size()); !framed) co_return framed;
  const auto sent = co_await connection_.stream->write(bytes_of(out_), content, after(loop_.now(), silence_));
  out_.clear();
  if (!sent) co_return broken(sent.error());
  co_return Result<void>();
}

Task<Result<void>> HttpConnection::send_from(net::Stream& from, std::uint64_t bytes) {
  if (auto framed = conversation_.frame_content(out_, bytes); !framed) co_return framed;
  auto sending = send();
  if (auto sent = co_await std::move(sending); !sent) co_return sent;
  net::RelayOptions options;
  options.idle = silence_;
  options.bytes_max = bytes;
  auto relaying = net::relay(loop_, from, *connection_.stream, options);
  const Relayed relayed = co_await std::move(relaying);
  if (relayed.end == Relayed::End::limit_reached) co_return Result<void>();
  is_broken_ = true;  // whatever follows would be taken for the rest
  if (relayed.end == Relayed::End::writing_failed) co_return broken(relayed.error);
  if (relayed.end == Relayed::End::reading_failed) co_return fail(relayed.error);
  co_return fail(Code::local, "what is sent became shorter meanwhile");
}

Result<void> HttpConnection::write_content(ByteView content) {
  if (auto framed = conversation_.frame_content(out_, content.size()); !framed) return framed;
  out_.append(text_of(content));
  return conversation_.finish_request(out_);
}

Task<Result<void>> HttpConnection::send_file(int file, std::uint64_t offset, std::uint64_t bytes,
                                             std::uint64_t& sent) {
  if (auto framed = conversation_.frame_content(out_, bytes); !framed) co_return framed;
  if (!out_.empty()) {
    auto sending = send();
    if (auto headed = co_await std::move(sending); !headed) co_return headed;
  }
  net::SendPace pace;
  pace.idle = silence_;
  auto sending = net::send_file(loop_, *connection_.stream, {}, file, offset, bytes, pace, sent);
  auto outcome = co_await std::move(sending);
  if (outcome) co_return outcome;
  if (outcome.error().code != Code::local) co_return broken(outcome.error());
  is_broken_ = true;  // whatever follows would be taken for the rest
  co_return outcome;
}

Task<Result<void>> HttpConnection::finish_request() {
  if (auto finished = conversation_.finish_request(out_); !finished) co_return finished;
  if (out_.empty()) co_return Result<void>();
  auto sending = send();
  co_return co_await std::move(sending);
}

Task<Result<bool>> HttpConnection::await_continue(Duration limit) {
  auto listening = listen(after(loop_.now(), limit), true);
  const auto heard = co_await std::move(listening);
  if (!heard) co_return fail(heard.error());
  co_return *heard != Heard::head;
}

Task<Result<void>> HttpConnection::while_listening(Task<Result<void>> sending) {
  auto both = net::either(loop_, std::move(sending), listen_for_head());
  auto outcome = co_await std::move(both);
  if (has_early_head_) co_return Result<void>();  // perhaps in the very turn in which sending failed
  if (outcome || outcome.error().code != Code::network) co_return outcome;
  // What the server said before it closed may still be there.
  auto listening = listen(after(loop_.now(), last_words_limit), false);
  const auto heard = co_await std::move(listening);
  if (heard && *heard == Heard::head) co_return Result<void>();
  co_return outcome;
}

Task<Result<void>> HttpConnection::listen_for_head() {
  auto listening = listen(never, false);
  const auto heard = co_await std::move(listening);
  if (!heard) co_return fail(heard.error());
  co_return Result<void>();
}

// Until a final head has come, or with `to_interim` any. Cancelled, it has lost nothing: between a read and
// the books about it there is no wait.
Task<Result<HttpConnection::Heard>> HttpConnection::listen(Time deadline, bool to_interim) {
  for (;;) {
    const auto next = conversation_.handle_bytes(ByteView(buffer_).subspan(begin_, end_ - begin_));
    if (!next) co_return broken(next.error().error());
    if (next->what == What::head) {
      take_head(next->used);
      has_early_head_ = true;
      co_return Heard::head;
    }
    begin_ += next->used;
    if (next->what == What::informational && to_interim) co_return Heard::interim;
    if (next->what == What::informational || (next->used > 0 && begin_ < end_)) continue;
    if (next->what != What::more)
      co_return broken({Code::network, "the connection ended before its answer", ""});
    const bool readable = co_await connection_.stream->readable(deadline);
    if (!readable) co_return Heard::nothing;
    make_room();
    const net::Attempt came = connection_.stream->try_read(ByteSpan(buffer_).subspan(end_));
    if (!came) continue;
    if (!*came) co_return broken(came->error());
    if (**came == 0) co_return broken({Code::network, "the connection ended before its answer", ""});
    answered_ = true;
    end_ += **came;
  }
}

Task<Result<void>> HttpConnection::receive_head(Duration patience) {
  if (std::exchange(has_early_head_, false)) co_return Result<void>();
  const Duration limit = silence_ < Duration::zero() ? silence_ : silence_ + patience;
  for (;;) {
    // Each interim head may take as long again: the server is at work, and may not send many.
    auto stepping = step(after(loop_.now(), limit));
    const auto next = co_await std::move(stepping);
    if (!next) co_return fail(next.error());
    if (next->what == What::head) {
      take_head(next->used);
      co_return Result<void>();
    }
    if (next->what != What::informational)
      co_return broken({Code::network, "the connection ended before its answer", ""});
    begin_ += next->used;
  }
}

void HttpConnection::take_head(std::size_t bytes) {
  head_ = HttpHead(ByteView(buffer_).subspan(begin_, bytes), conversation_.response());
  begin_ += bytes;
  content_ended_ = false;
}

Task<Result<ByteView>> HttpConnection::receive(std::size_t bytes_max) {
  while (content_.empty() && !content_ended_) {
    auto stepping = step(after(loop_.now(), silence_));
    const auto next = co_await std::move(stepping);
    if (!next) co_return fail(next.error());
    begin_ += next->used;
    if (next->what == What::content) {
      content_ = next->content;
    } else {
      content_ended_ = true;
    }
  }
  const ByteView piece = content_.first(std::min(content_.size(), bytes_max));
  content_ = content_.subspan(piece.size());
  co_return piece;
}

// How much of the content may go without being seen: 0 when it has to be, or is hardly worth it.
std::uint64_t HttpConnection::spliceable(net::Stream& into) {
  if (!content_.empty() || begin_ < end_ || content_ended_) return 0;
  const auto left = conversation_.content_left();
  const bool is_plain = connection_.stream->read_fd() && into.write_fd();
  return left && *left >= splice_bytes_min && is_plain ? *left : 0;
}

Task<Relayed> HttpConnection::receive_into(net::Stream& into, std::uint64_t bytes_max,
                                           net::RelayObserver* observer) {
  Relayed all;
  while (all.bytes < bytes_max) {
    const std::uint64_t most = bytes_max - all.bytes;
    if (const std::uint64_t unseen = spliceable(into)) {
      net::RelayOptions options;
      options.idle = silence_;
      options.bytes_max = std::min(unseen, most);
      options.observer = observer;
      auto relaying = net::relay(loop_, *connection_.stream, into, options);
      const Relayed relayed = co_await std::move(relaying);
      conversation_.skip_content(relayed.bytes);
      answered_ = true;
      all.bytes += relayed.bytes;
      if (relayed.end == Relayed::End::limit_reached) continue;
      is_broken_ = true;
      all.end = relayed.end;
      all.error = relayed.error;
      if (all.end == Relayed::End::source_ended) all.error = {Code::network, "the answer is cut off", ""};
      if (all.end != Relayed::End::writing_failed) {
        all.end = Relayed::End::reading_failed;
        all.error = broken(all.error).error();
      }
      co_return all;
    }
    auto receiving = receive(static_cast<std::size_t>(std::min<std::uint64_t>(most, SIZE_MAX)));
    const auto piece = co_await std::move(receiving);
    if (!piece || piece->empty()) {
      all.end = piece ? Relayed::End::source_ended : Relayed::End::reading_failed;
      if (!piece) all.error = piece.error();
      co_return all;
    }
    const auto written = co_await into.write(*piece, after(loop_.now(), silence_));
    if (!written) {
      is_broken_ = true;
      all.end = Relayed::End::writing_failed;
      all.error = written.error();
      co_return all;
    }
    all.bytes += piece->size();
    if (observer != nullptr) observer->moved(piece->size());
  }
  all.end = Relayed::End::limit_reached;
  co_return all;
}

Task<bool> HttpConnection::drop_content(std::uint64_t bytes_max) {
  if (conversation_.content_left().value_or(0) > bytes_max) co_return false;
  for (std::uint64_t dropped = 0; dropped <= bytes_max;) {
    auto receiving = receive();
    const auto piece = co_await std::move(receiving);
    if (!piece) co_return false;
    if (piece->empty()) co_return true;
    dropped += piece->size();
  }
  co_return false;
}

net::Connection HttpConnection::take_tunnel(Bytes& came) {
  came.assign(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_));
  begin_ = end_ = 0;
  is_broken_ = true;
  return std::move(connection_);
}

bool HttpConnection::is_reusable() {
  if (is_broken_ || !content_ended_ || !content_.empty() || begin_ < end_ || !out_.empty()) return false;
  if (!conversation_.keeps_open() || conversation_.unanswered() > 0) return false;
  // Silence is what is wanted: an end, a fault and bytes that nobody asked for are not.
  std::byte byte{};
  return !connection_.stream->try_read({&byte, 1});
}

// The next step that says something; `deadline` is for all of it.
Task<Result<http::Step>> HttpConnection::step(Time deadline) {
  for (;;) {
    const auto next = conversation_.handle_bytes(ByteView(buffer_).subspan(begin_, end_ - begin_));
    if (!next) co_return broken(next.error().error());
    if (next->what != What::more) co_return *next;
    begin_ += next->used;
    if (next->used > 0 && begin_ < end_) continue;
    auto filling = fill(deadline);
    const auto filled = co_await std::move(filling);
    if (!filled) co_return fail(filled.error());
    if (*filled) continue;
    const auto ended = conversation_.handle_end();
    if (!ended) co_return broken({Code::network, std::string(ended.error().words), ""});
    co_return *ended;
  }
}

// Reads more behind what is there; false at the end.
Task<Result<bool>> HttpConnection::fill(Time deadline) {
  make_room();
  const auto came = co_await connection_.stream->read(ByteSpan(buffer_).subspan(end_), deadline);
  if (!came) co_return broken(came.error());
  answered_ = answered_ || *came > 0;
  end_ += *came;
  // Bulk that must be seen: fewer, larger reads.
  if (*came > 0 && end_ == buffer_.size() && end_ < buffer_bytes_max) buffer_.resize(end_ * 2);
  co_return *came > 0;
}

// Behind what was read and not used.
void HttpConnection::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size()) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= std::exchange(begin_, 0);
    } else {
      buffer_.resize(std::clamp(buffer_.size() * 2, buffer_bytes_min, buffer_bytes_max));
    }
  }
}

std::unexpected<Error> HttpConnection::broken(Error error) {
  is_broken_ = true;
  how_ = error.what;
  error.what = origin_.to_string() + ": " + error.what;
  return fail(std::move(error));
}

}  // namespace yam::service
