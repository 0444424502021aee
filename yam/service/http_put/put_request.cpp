#include "yam/service/http_put/put_request.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Task;

namespace {

// How long a server may think about a head before its content is sent all the same (RFC 9110 §10.1.1).
constexpr Duration continue_limit = std::chrono::seconds(1);
// What a server may take beyond the limit for silence once it has everything: it hashes, and asks the disk.
constexpr std::uint64_t digested_bytes_per_second = 50'000'000;
constexpr std::uint64_t slice_bytes = 16 * 1024 * 1024;  // for who watches
constexpr std::size_t stream_piece_bytes = 256 * 1024;
constexpr std::uint64_t dropped_bytes_max = 64 * 1024;
constexpr unsigned expectation_failed = 417;

bool shows_secrets(const HttpRequest& request) {
  return std::ranges::any_of(request.fields, [](const HttpField& field) {
    return http::same_word(field.name, "Authorization") || http::same_word(field.name, "Cookie");
  });
}

}  // namespace

Task<Result<std::unique_ptr<HttpConnection>>> PutAsking::ask(PutRequest put) {
  ++report_.requests;
  for (unsigned redirects = 0;;) {
    auto asking = ask_once(put);
    auto asked = co_await std::move(asking);
    if (!asked) co_return fail(asked.error());
    const HttpHead& head = (*asked)->head();
    report_.status = head.status();
    http_heed(wish_, url_, head);
    const bool is_unexpected = head.status() == expectation_failed && asks_first_ && put.source != nullptr;
    const bool keeps_method = head.status() == 307 || head.status() == 308;
    const bool leads_on = http_leads_on(head) && (keeps_method || put.source != nullptr);
    if (!is_unexpected && !leads_on) {
      if (head.status() / 100 == 2 && put.source != nullptr && !has_sent_all_)
        co_return fail(Code::protocol, url_.to_string() + ": the server says that it has all, before it has");
      co_return std::move(*asked);
    }
    if (is_unexpected) {
      asks_first_ = false;
    } else {
      auto next = http_next_url(url_, head);
      if (!next) co_return fail(next.error());
      if (!keeps_method)
        co_return fail(Code::refused,
                       url_.to_string() + ": " + std::to_string(head.status()) + ", it leads to " +
                           quoted(next->to_string()) + ", and an upload does not follow there",
                       "put it to that URL itself, if that is what you want");
      if (++redirects > wish_.redirects_max)
        co_return fail(Code::refused, "more than " + std::to_string(wish_.redirects_max) +
                                          " redirects, the last to " + next->to_string());
      put.request.url = std::move(*next);
    }
    if (put.source != nullptr && put.source->is_begun)
      co_return fail(Code::network,
                     quoted(put.source->file()) + " cannot be read again for " + put.request.url.to_string());
    auto dropping = (*asked)->drop_content(dropped_bytes_max);
    const bool dropped = co_await std::move(dropping);
    if (dropped) client_.keep(std::move(*asked));
  }
}

Task<Result<std::unique_ptr<HttpConnection>>> PutAsking::ask_once(PutRequest& put) {
  url_ = report_.url = put.request.url;
  sent_before_ = report_.bytes;
  has_sent_all_ = false;
  auto connecting = client_.connect(put.request.url.origin);
  auto connected = co_await std::move(connecting);
  if (!connected) co_return fail(connected.error());
  auto connection = std::move(*connected);
  was_there_ = true;
  report_.peer = connection->peer();
  HttpRequest request = dressed(put.request, wish_, put.request.url.origin == home_);
  Duration patience{};
  if (put.source != nullptr && put.source->is_stream()) {
    request.body = http::Body::chunked;
    request.expects_continue = asks_first_;
  } else if (put.source != nullptr) {
    request.body = http::Body::length;
    request.content_bytes = put.source->size_bytes() - put.offset;
    const bool is_large = request.content_bytes >= asked_bytes_min || shows_secrets(request);
    request.expects_continue = asks_first_ && request.content_bytes > 0 && is_large;
    patience = std::chrono::seconds(put.source->size_bytes() / digested_bytes_per_second);
  }
  if (auto written = client_.write(*connection, request); !written) co_return fail(written.error());
  bool is_wanted = true;
  if (put.source == nullptr || request.expects_continue) {
    auto sending = connection->send();
    if (auto sent = co_await std::move(sending); !sent) co_return fail(sent.error());
  }
  if (request.expects_continue) {
    auto waiting = connection->await_continue(continue_limit);
    const auto goes_on = co_await std::move(waiting);
    if (!goes_on) co_return fail(goes_on.error());
    is_wanted = *goes_on;
  }
  if (put.source != nullptr && is_wanted) {
    auto sending = connection->while_listening(send_content(*connection, put));
    if (auto sent = co_await std::move(sending); !sent) co_return fail(sent.error());
  }
  auto receiving = connection->receive_head(patience);
  if (auto received = co_await std::move(receiving); !received) co_return fail(received.error());
  co_return connection;
}

Task<Result<void>> PutAsking::send_content(HttpConnection& connection, PutRequest& put) {
  auto sending = put.source->is_stream() ? send_stream(connection, *put.source) : send_file(connection, put);
  if (auto sent = co_await std::move(sending); !sent) co_return sent;
  if (on_sent) on_sent();
  auto finishing = connection.finish_request();
  co_return co_await std::move(finishing);
}

Task<Result<void>> PutAsking::send_file(HttpConnection& connection, PutRequest& put) {
  const PutSource& source = *put.source;
  std::uint64_t at = put.offset;
  const std::uint64_t end = source.size_bytes() - std::min(source.size_bytes() - at, last_piece_bytes);
  while (at < end) {
    const std::uint64_t most = rules_.pace != nullptr ? rules_.pace->slice_bytes() : slice_bytes;
    const std::uint64_t bytes = std::min(end - at, most);
    auto sending = connection.send_file(source.fd(), at, bytes, report_.bytes);
    if (auto sent = co_await std::move(sending); !sent) co_return sent;
    at += bytes;
    report_.at = at;
    auto pacing = keep_pace(bytes);
    co_await std::move(pacing);
  }
  Bytes last(static_cast<std::size_t>(source.size_bytes() - at));
  if (auto read = source.read(last, at); !read) co_return read;
  // Until its last piece is sent the server takes nothing for a file.
  if (auto same = source.check_unchanged(); !same) co_return same;
  has_sent_all_ = true;  // or will have, when an answer comes
  report_.bytes += last.size();
  report_.at = source.size_bytes();
  auto sending = connection.send(last);
  co_return co_await std::move(sending);
}

Task<Result<void>> PutAsking::send_stream(HttpConnection& connection, PutSource& source) {
  Bytes buffer(stream_piece_bytes);
  for (;;) {
    const auto count = co_await source.stream().read(buffer);
    if (!count)
      co_return fail(Code::local, "cannot read " + quoted(source.file()) + ": " + count.error().what);
    if (*count == 0) break;
    source.is_begun = true;
    auto sending = connection.send(ByteView(buffer).first(*count));
    if (auto sent = co_await std::move(sending); !sent) co_return sent;
    report_.bytes += *count;
    report_.at += *count;
    auto pacing = keep_pace(*count);
    co_await std::move(pacing);
  }
  has_sent_all_ = true;
  co_return Result<void>();
}

Task<> PutAsking::keep_pace(std::uint64_t bytes) {
  if (rules_.pace == nullptr) co_return;
  const Time due = rules_.pace->spend(bytes, client_.loop().now());
  co_await client_.loop().sleep_until(due);
}

}  // namespace yam::service
