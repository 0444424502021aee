#include "yam/service/http_get/http_pipeline.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/http_client/http_facts.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Task;

static_assert(HttpPipeline::window_max <= http::pipelined_max);

bool HttpPipeline::may_carry(const HttpWish& wish, const HttpGetRules& rules) {
  return wish.cookies == nullptr && rules.pace == nullptr && !rules.named_by_server && !rules.asks_coded;
}

bool HttpPipeline::may_carry(const HttpErrand& errand) {
  return errand.is_listed && errand.size_bytes.value_or(0) <= file_bytes_max;
}

HttpPipeline::HttpPipeline(HttpClient& client, HttpWish& wish, const HttpGetRules& rules,
                           std::vector<Item> items, Observer ended)
    : client_(client), wish_(wish), rules_(rules), items_(std::move(items)), ended_(std::move(ended)) {
  for (Item& item : items_)
    left_.push_back(&item);
}

Task<> HttpPipeline::run(std::size_t connections) {
  if (left_.empty()) co_return;
  HttpRequest plain;
  plain.url = left_.front()->errand.url;
  plain.fields = {{"User-Agent", "yam"}, {"Accept", "*/*"}};
  request_ = dressed(plain, wish_, true);
  net::Scope workers(client_.loop());
  for (std::size_t i = 0; i < std::min(connections, connections_max); ++i)
    workers.spawn(work());
  co_await workers.drained();
}

Task<> HttpPipeline::work() {
  std::size_t window = 1;  // until the server has shown that it takes more than one
  while (!left_.empty()) {
    auto connecting = client_.connect(request_.url.origin);
    auto connected = co_await std::move(connecting);
    if (!connected) break;  // what is left finds out by itself
    auto travelling = travel(**connected, window);
    co_await std::move(travelling);
    client_.keep(std::move(*connected));
  }
}

// Until nothing is left, or the connection is of no use any more.
Task<> HttpPipeline::travel(HttpConnection& connection, std::size_t& window) {
  std::deque<Item*> asked;
  std::size_t answered = 0;
  for (;;) {
    if (asked.size() <= window / 2 && ask_ahead(connection, asked, window)) {
      auto sending = connection.send();
      const auto sent = co_await std::move(sending);
      if (!sent) break;
    }
    if (asked.empty()) {
      if (answered == 0 && !left_.empty()) left_.pop_front();  // it cannot be asked for
      co_return;
    }
    auto taking = take_answer(connection, *asked.front());
    const Taken taken = co_await std::move(taking);
    if (taken.is_settled) {
      asked.pop_front();
      ++answered;
    }
    if (!taken.goes_on) break;
    window = std::min(window * 2, window_max);
  }
  window = std::clamp<std::size_t>(answered, 1, window_max);
  // Without a single answer the first one is left to who tries with patience.
  if (answered == 0 && !asked.empty()) asked.pop_front();
  left_.insert(left_.begin(), asked.begin(), asked.end());
}

// Writes requests until the window is full; whether there are any.
bool HttpPipeline::ask_ahead(HttpConnection& connection, std::deque<Item*>& asked, std::size_t window) {
  bool wrote = false;
  while (asked.size() < window && !left_.empty()) {
    Item& item = *left_.front();
    left_.pop_front();
    if (!SmallFile::is_free(folder_, item.errand.file, rules_.existing)) continue;
    request_.url = item.errand.url;
    if (!client_.write(connection, request_)) {
      // Behind an answer that is to be the last.
      left_.push_front(&item);
      return wrote;
    }
    asked.push_back(&item);
    wrote = true;
  }
  return wrote;
}

Task<HttpPipeline::Taken> HttpPipeline::take_answer(HttpConnection& connection, Item& item) {
  auto receiving = connection.receive_head();
  const auto received = co_await std::move(receiving);
  if (!received) co_return Taken();
  const HttpHead& head = connection.head();
  if (wish_.on_head) wish_.on_head(head);
  const unsigned status = head.status();
  item.report.url = item.errand.url;
  item.report.file = item.errand.file;
  item.report.status = status;
  item.report.peer = connection.peer();
  ++item.report.requests;
  const http::Framing& framing = connection.framing();
  const bool has_length = framing.body == http::Body::none || framing.body == http::Body::length;
  const std::uint64_t bytes = framing.body == http::Body::length ? framing.length_bytes : 0;
  if (status == 200 && has_length && bytes <= file_bytes_max && coding_of(head).empty()) {
    auto taking = take_content(connection, item, bytes);
    co_return co_await std::move(taking);
  }
  // Redirects and what may pass are followed elsewhere.
  if (status >= 400 && !is_passing(status)) settle(item, fail(http_refusal(item.errand.url, head)));
  auto leaving = leave(connection);
  co_return co_await std::move(leaving);
}

Task<HttpPipeline::Taken> HttpPipeline::take_content(HttpConnection& connection, Item& item,
                                                     std::uint64_t bytes) {
  auto file = SmallFile::create(folder_, item.errand.file, rules_.existing);
  if (!file) {
    auto leaving = leave(connection);
    co_return co_await std::move(leaving);
  }
  std::optional<std::chrono::sys_seconds> modified;
  const std::int64_t seconds = rules_.keeps_time ? modified_of(connection.head()) : 0;
  if (seconds > 0) modified = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  item.report.size_bytes = bytes;
  Result<void> outcome;
  for (;;) {
    auto receiving = connection.receive();
    const auto piece = co_await std::move(receiving);
    if (!piece) {
      item.report.bytes = 0;
      co_return Taken();
    }
    if (piece->empty()) break;
    item.report.bytes += piece->size();
    if (outcome) outcome = file->write(*piece);
  }
  if (!outcome) {
    settle(item, fail(outcome.error()));
  } else if (file->commit(modified)) {
    settle(item, outcome);
  }
  co_return Taken{true, true};
}

// The content is for nobody.
Task<HttpPipeline::Taken> HttpPipeline::leave(HttpConnection& connection) {
  auto dropping = connection.drop_content(file_bytes_max);
  const bool goes_on = co_await std::move(dropping);
  co_return Taken{true, goes_on};
}

void HttpPipeline::settle(Item& item, Result<void> outcome) {
  item.outcome = std::move(outcome);
  ended_(item);
}

}  // namespace yam::service
