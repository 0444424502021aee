// Of metalink_download.hpp: what one mirror is asked for, and gives.

#include <algorithm>
#include <utility>

#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_get/metalink_check.hpp"
#include "yam/service/http_get/metalink_download.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Relayed;
using net::Task;

namespace {

constexpr const char* cut_short = "it sent less than it said";
constexpr Duration books_pause = std::chrono::milliseconds(250);

}  // namespace

// Keeps the books while bytes move.
class MetalinkDownload::Meter final : public net::RelayObserver {
 public:
  Meter(MetalinkDownload& download, Worker& worker, std::uint64_t offset)
      : download_(download), worker_(worker), at_(offset) {}

  void moved(std::size_t bytes) override {
    download_.ledger().there.add({at_, at_ + bytes});
    at_ += bytes;
    worker_.bytes += bytes;
    download_.report_.bytes += bytes;
    const Time now = download_.client_.loop().now();
    if (now < due_) return;
    due_ = now + books_pause;
    static_cast<void>(download_.part_->save());  // what goes wrong is told when the file itself is written
    download_.sync_->handle_moved();
  }

 private:
  MetalinkDownload& download_;
  Worker& worker_;
  std::uint64_t at_;
  Time due_{};
};

Task<> MetalinkDownload::carry(Worker& worker) {
  auto carrying = carry_span(worker);
  worker.fault = co_await std::move(carrying);
  const double seconds = std::chrono::duration<double>(client_.loop().now() - worker.since).count();
  worker.mirror->rate = static_cast<double>(worker.bytes) / std::max(seconds, 1e-3);
  --worker.mirror->at_work;
  if (worker.span.bytes() > 0) left_.push_front(worker.span);
  if (!worker.fault) worker.mirror = nullptr;
  news_.set();
}

Task<std::optional<MetalinkDownload::Fault>> MetalinkDownload::carry_span(Worker& worker) {
  Mirror& mirror = *worker.mirror;
  std::optional<Fault> fault;
  std::optional<Span> wanted;
  if (!mirror.gives_all) wanted = worker.span;
  auto asking = ask(mirror, wanted);
  auto answered = co_await std::move(asking);
  if (!answered) co_return std::move(answered.error());
  auto connection = std::move(*answered);
  const HttpHead& head = connection->head();
  if (head.status() != 200 && head.status() != 206 && head.status() != 416) {
    fault = Fault{http_refusal(mirror.url, head), is_passing(unsigned{head.status()}), retry_after_of(head)};
    co_return fault;
  }
  const auto given = range_of(head);
  const bool is_all = head.status() == 200 && connection->framing().body == http::Body::length &&
                      connection->framing().length_bytes == size();
  const bool is_range = given && wanted && given->range.first == wanted->first &&
                        given->range.end() == wanted->end && given->size_bytes == size();
  if (!coding_of(head).empty() || (!is_all && !is_range)) {
    fault = Fault{{Code::verification, "it has a file of another size, or gives wrong ranges", ""}};
    co_return fault;
  }
  if (is_range || wanted == Span{0, size()}) {
    auto taking = take(*connection, worker);
    fault = co_await std::move(taking);
  } else if (mirror.gives_all) {
    auto taking = take_all(*connection, worker);
    fault = co_await std::move(taking);
  } else {
    mirror.gives_all = true;
    if (mirrors_left() > 1) say(mirror.url.to_string() + " gives no ranges, and is kept for the last");
    co_return fault;
  }
  if (fault) co_return fault;
  // Nothing may follow, unless somebody else took the rest over: then the connection is of no use any more.
  auto receiving = connection->receive(1);
  const auto more = co_await std::move(receiving);
  if (more && more->empty()) client_.keep(std::move(connection));
  co_return fault;
}

Task<MetalinkDownload::Answered> MetalinkDownload::ask(Mirror& mirror, std::optional<Span> span) {
  HttpRequest request;
  request.url = mirror.url;
  request.fields = {{"User-Agent", "yam"}, {"Accept", "*/*"}};
  if (span)
    request.fields.push_back(
        {"Range", "bytes=" + std::to_string(span->first) + "-" + std::to_string(span->end - 1)});
  HttpTrip trip;
  HttpWish& wish = mirror.url.origin == errand_.document.origin ? home_ : foreign_;
  ++report_.requests;
  auto fetching = http_fetch(client_, wish, request, trip);
  auto fetched = co_await std::move(fetching);
  if (!fetched) {
    Fault fault{fetched.error()};
    const bool was_there = trip.reached != HttpReached::nothing;
    fault.again = is_passing(fault.error.code) && (was_there || rules_.retries_calls);
    co_return std::unexpected(std::move(fault));
  }
  report_.url = trip.url;
  report_.status = (*fetched)->head().status();
  report_.peer = (*fetched)->peer();
  co_return std::move(*fetched);
}

// How far from `at` one goes before looking up: to the end of the piece, where there are pieces.
std::uint64_t MetalinkDownload::step_end(std::uint64_t at) const {
  const std::uint64_t step = pieces_ ? pieces_->piece_bytes : share_bytes_min;
  return std::min((at / step + 1) * step, size());
}

// The content of a range, step by step; the worker's span shrinks from its front.
Task<std::optional<MetalinkDownload::Fault>> MetalinkDownload::take(HttpConnection& connection,
                                                                    Worker& worker) {
  std::optional<Fault> fault;
  auto file = part_->writer(client_.loop(), worker.span.first);
  if (!file) {
    fault = Fault{file.error()};
    co_return fault;
  }
  while (worker.span.bytes() > 0) {
    const Span step{worker.span.first, std::min(step_end(worker.span.first), worker.span.end)};
    auto taking = take_piece(connection, **file, worker, step);
    fault = co_await std::move(taking);
    if (fault) co_return fault;
  }
  co_return fault;
}

// Of the whole file only what is missing, in one answer; nobody else is at work.
Task<std::optional<MetalinkDownload::Fault>> MetalinkDownload::take_all(HttpConnection& connection,
                                                                        Worker& worker) {
  std::optional<Fault> fault;
  std::uint64_t at = 0;
  left_.clear();
  for (const Span gap : ledger().there.gaps(size())) {
    while (at < gap.first) {
      auto receiving = connection.receive(static_cast<std::size_t>(gap.first - at));
      const auto piece = co_await std::move(receiving);
      if (!piece || piece->empty()) {
        fault = Fault{{Code::network, cut_short, ""}, true};
        co_return fault;
      }
      at += piece->size();
    }
    worker.span = gap;
    auto taking = take(connection, worker);
    fault = co_await std::move(taking);
    if (fault) co_return fault;
    at = gap.end;
  }
  co_return fault;
}

// One step, and whether it is what it should be.
Task<std::optional<MetalinkDownload::Fault>> MetalinkDownload::take_piece(HttpConnection& connection,
                                                                          net::Stream& file, Worker& worker,
                                                                          Span span) {
  std::optional<Fault> fault;
  Meter meter(*this, worker, span.first);
  for (std::uint64_t at = span.first; at < span.end;) {
    std::uint64_t most = span.end - at;
    if (rules_.pace != nullptr) most = std::min(most, rules_.pace->slice_bytes());
    auto receiving = connection.receive_into(file, most, &meter);
    const Relayed relayed = co_await std::move(receiving);
    at += relayed.bytes;
    if (rules_.pace != nullptr)
      co_await client_.loop().sleep_until(rules_.pace->spend(relayed.bytes, client_.loop().now()));
    if (relayed.end == Relayed::End::limit_reached || at == span.end) continue;
    // With pieces, a part of one is nobody's.
    if (!pieces_) worker.span.first = at;
    if (pieces_) part_->forget({span.first, at});
    fault = Fault{{Code::network, relayed.error.what, ""}, true};
    if (relayed.end == Relayed::End::source_ended) fault->error.what = cut_short;
    if (relayed.end == Relayed::End::writing_failed) fault = Fault{{Code::local, relayed.error.what, ""}};
    co_return fault;
  }
  if (!pieces_) {
    worker.span.first = span.end;
    co_return fault;
  }
  const auto number = static_cast<std::size_t>(span.first / pieces_->piece_bytes);
  auto checking = check_pieces(client_.loop(), part_->fd(), pieces_, size(), {number});
  const auto good = co_await std::move(checking);
  if (good && good->size() == 1) {
    ledger().verified.add(span);
    worker.span.first = span.end;
    tries_ = 0;
    co_return fault;
  }
  part_->forget(span);
  fault = Fault{
      {Code::verification,
       "piece " + std::to_string(number + 1) + " of " + std::to_string(pieces_->count()) + " is wrong", ""}};
  if (!good) fault = Fault{good.error()};
  co_return fault;
}

}  // namespace yam::service
