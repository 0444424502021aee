// Of http_download.hpp: a file in pieces, by one connection after the other or by several at once.

#include <algorithm>
#include <utility>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_get/http_download.hpp"
#include "yam/service/http_get/metalink_errand.hpp"

namespace yam::service {

using net::Task;

// Of a file that several connections shall bring: its beginning, which says how large it is.
Task<HttpDownload::Outcome> HttpDownload::attempt_first_piece() {
  Span span{0, piece_bytes_min};
  auto asking = ask(span);
  auto answered = co_await std::move(asking);
  if (!answered) co_return std::unexpected(std::move(answered.error()));
  auto connection = std::move(*answered);
  const HttpHead& head = connection->head();
  const auto given = range_of(head);
  const std::string tag = strong_tag(head);
  if (given && !tag.empty() && !(follows_metalink_ && is_metalink(head))) {
    ledger().url = url_.to_string();
    ledger().tag = tag;
    ledger().size_bytes = given->size_bytes;
    note_whole(*connection);
    span.end = std::min(span.end, given->size_bytes);
    auto taking = take_range(std::move(connection), span);
    auto taken = co_await std::move(taking);
    if (!taken) co_return taken;
    auto attempting = attempt_gaps();
    co_return co_await std::move(attempting);
  }
  gives_ranges_ = false;
  if (head.status() == 206 || head.status() == 416) {
    connection.reset();
    auto asking_again = ask(std::nullopt);
    auto again = co_await std::move(asking_again);
    if (!again) co_return std::unexpected(std::move(again.error()));
    connection = std::move(*again);
  }
  auto taking = take_whole(std::move(connection));
  co_return co_await std::move(taking);
}

// What several connections bring side by side, each the next piece when it is done with one.
struct HttpDownload::Pieces {
  explicit Pieces(net::Loop& loop) : news(loop) {}

  std::deque<Span> left;
  std::size_t at_work = 0;
  std::optional<Fault> fault;  // the first
  net::Event news;
};

Task<HttpDownload::Outcome> HttpDownload::attempt_gaps() {
  Pieces pieces(client_.loop());
  const std::uint64_t share = ledger().size_bytes / (4 * ranges());
  const std::uint64_t most = std::clamp(share, piece_bytes_min, piece_bytes_max);
  for (Span gap : ledger().there.gaps(ledger().size_bytes)) {
    while (ranges() > 1 && gap.bytes() > most) {
      pieces.left.push_back({gap.first, gap.first + most});
      gap.first += most;
    }
    pieces.left.push_back(gap);
  }
  if (part_) {
    const bool in_order = ranges() == 1 || pieces.left.size() <= 1;
    if (auto ready = part_->write_in_order(in_order); !ready) co_return std::unexpected(Fault(ready.error()));
  }
  net::Scope workers(client_.loop());
  const std::size_t count = std::min(pieces.left.size(), ranges());
  for (std::size_t i = 0; i < count; ++i) {
    ++pieces.at_work;
    workers.spawn(work(pieces));
  }
  while (pieces.at_work > 0 && !pieces.fault) {
    pieces.news.reset();
    co_await pieces.news.wait();
  }
  workers.cancel();
  if (pieces.fault) co_return std::unexpected(std::move(*pieces.fault));
  co_return Outcome();
}

Task<> HttpDownload::work(Pieces& pieces) {
  while (!pieces.left.empty() && !pieces.fault) {
    Span span = pieces.left.front();
    pieces.left.pop_front();
    auto asking = ask(span);
    auto answered = co_await std::move(asking);
    Outcome outcome;
    if (!answered) {
      outcome = std::unexpected(std::move(answered.error()));
    } else if (ranges() == 1 && (*answered)->head().status() == 200) {
      // All of it, since it is not what it was; here nobody else is writing.
      auto started = start_anew("the server has another version now, or gives no ranges");
      auto taking = take_whole(std::move(*answered));
      if (started) {
        outcome = co_await std::move(taking);
      } else {
        outcome = std::unexpected(Fault(started.error()));
      }
      pieces.left.clear();
    } else {
      auto taking = take_range(std::move(*answered), span);
      outcome = co_await std::move(taking);
      if (outcome && span.bytes() > 0) pieces.left.push_front(span);  // it gave less than was asked for
    }
    if (!outcome && !pieces.fault) pieces.fault = std::move(outcome.error());
  }
  --pieces.at_work;
  pieces.news.set();
}

// `span` is left with what did not come.
Task<HttpDownload::Outcome> HttpDownload::take_range(std::unique_ptr<HttpConnection> connection, Span& span) {
  const HttpHead& head = connection->head();
  if (head.status() != 206 && head.status() != 200 && head.status() != 416)
    co_return std::unexpected(refused_by(*connection));
  const auto given = range_of(head);
  const bool fits = given && given->range.first == span.first && given->range.end() <= span.end &&
                    given->size_bytes == ledger().size_bytes && strong_tag(head) == ledger().tag &&
                    coding_of(head).empty();
  if (!fits) {
    gives_ranges_ = false;
    Fault fault{
        {Code::protocol, "the server has another version now, or gives wrong ranges", ""}, true, true};
    co_return std::unexpected(std::move(fault));
  }
  const std::uint64_t end = given->range.end();
  auto taking = take_plain(*connection, span.first, end);
  auto taken = co_await std::move(taking);
  if (!taken) co_return taken;
  span.first = end;
  client_.keep(std::move(connection));
  co_return Outcome();
}

}  // namespace yam::service
