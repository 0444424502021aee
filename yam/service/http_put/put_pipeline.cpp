#include "yam/service/http_put/put_pipeline.hpp"

#include <utility>

#include "yam/base/text.hpp"
#include "yam/service/http_client/retry.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

using net::Task;

namespace {

// Answered fewer before it closed, and a connection is not worth the trouble.
constexpr std::size_t answers_min = 2;

}  // namespace

Task<> PutPipeline::run() {
  auto connecting = common_.client.connect(common_.into.origin);
  auto connected = co_await std::move(connecting);
  if (!connected) {
    // Who sends it alone knows what to try, and what to say.
    if (!common_.small.empty()) common_.alone.push_back(common_.small.front());
    if (!common_.small.empty()) common_.small.pop_front();
    co_return;
  }
  HttpConnection& connection = **connected;
  bool goes_on = true;
  while (goes_on) {
    // One alone at first: a server that closes behind it, or wants something else, is known then.
    const std::size_t ahead = answers_ == 0 ? 1 : ahead_max;
    const std::uint64_t written = write_ahead(connection, ahead);
    if (flights_.empty()) break;
    if (written > 0) {
      auto sending = connection.send();
      // What was answered before a fault is still to be heard.
      static_cast<void>(co_await std::move(sending));
      if (common_.rules.pace != nullptr) {
        const Time due = common_.rules.pace->spend(written, common_.client.loop().now());
        co_await common_.client.loop().sleep_until(due);
      }
    }
    const std::size_t left = common_.small.empty() ? 0 : ahead / 2;
    while (goes_on && flights_.size() > left) {
      auto hearing = hear(connection);
      goes_on = co_await std::move(hearing);
    }
  }
  if (!flights_.empty() && answers_ < answers_min) common_.pipelines = false;
  for (const Flight& flight : flights_) {
    flight.running->was_sent = true;
    common_.alone.push_back(flight.running);
  }
  flights_.clear();
  common_.client.keep(std::move(*connected));
}

// Writes requests until so many wait for their answers. How many bytes of content it was, and at least 1 for
// a request.
std::uint64_t PutPipeline::write_ahead(HttpConnection& connection, std::size_t ahead) {
  std::uint64_t written = 0;
  while (flights_.size() < ahead && written < written_bytes_max && !common_.small.empty() &&
         !common_.is_over) {
    PutRunning& running = *common_.small.front();
    common_.small.pop_front();
    if (!write(connection, running, written)) break;
  }
  return written;
}

// False when the connection takes no more.
bool PutPipeline::write(HttpConnection& connection, PutRunning& running, std::uint64_t& written) {
  PutReport& report = running.report;
  report.url = running.errand.url;
  report.file = running.errand.file;
  report.peer = connection.peer();
  const auto source = PutSource::open(common_.client.loop(), running.errand);
  if (!source) {
    common_.end(running, fail(source.error()));
    return true;
  }
  if ((*source)->size_bytes() > small_bytes_max) {  // it has grown since it was planned
    common_.alone.push_back(&running);
    return true;
  }
  Bytes content(static_cast<std::size_t>((*source)->size_bytes()));
  auto ready = (*source)->read(content, 0);
  if (ready) ready = (*source)->check_unchanged();
  if (!ready) {
    common_.end(running, std::move(ready));
    return true;
  }
  HttpRequest request;
  request.method = "PUT";
  request.url = running.errand.url;
  request.fields = {{"User-Agent", "yam"}, {"Accept", "application/json, text/plain, */*"}};
  if (!common_.rules.replaces) request.fields.push_back({"If-None-Match", "*"});
  request.body = proto::http::Body::length;
  request.content_bytes = content.size();
  Result<void> asked = common_.client.write(connection, dressed(request, common_.wish, true));
  if (asked) asked = connection.write_content(content);
  if (!asked) {
    common_.alone.push_back(&running);
    return false;
  }
  ++report.requests;
  report.size_bytes = content.size();
  report.bytes += content.size();
  written += content.size() + 1;
  flights_.push_back({&running, store::digest_of(store::DigestKind::sha256, content), Clock::now()});
  return true;
}

// The next answer. False when there will be no more.
Task<bool> PutPipeline::hear(HttpConnection& connection) {
  auto receiving = connection.receive_head();
  const auto received = co_await std::move(receiving);
  if (!received) co_return false;
  Flight flight = std::move(flights_.front());
  PutRunning& running = *flight.running;
  const HttpHead& head = connection.head();
  http_heed(common_.wish, running.errand.url, head);
  const unsigned status = running.report.status = head.status();
  const bool is_refusal = status / 100 == 4 && !is_passing(status) && status != 417 && !says_cut(head);
  const bool is_plain = status / 100 == 2 || is_refusal;
  auto reading = receive_put_answer(connection);
  const PutAnswer answer = co_await std::move(reading);
  flights_.pop_front();
  ++answers_;
  running.report.span = Clock::now() - flight.began;
  if (is_plain) {
    running.report.is_hopeless = is_refusal_of_all(status);
    common_.end(running, judge(flight, head, answer));
  } else {
    common_.alone.push_back(&running);
  }
  co_return true;
}

Result<void> PutPipeline::judge(Flight& flight, const HttpHead& head, const PutAnswer& answer) {
  PutReport& report = flight.running->report;
  if (report.status / 100 != 2) return fail(put_refusal(report.url, head, answer.words));
  const PutReceipt& receipt = answer.receipt;
  const bool is_same = receipt.sha256.empty() || receipt.sha256 == flight.sha256;
  const std::uint64_t size = *report.size_bytes;
  if (!is_same || receipt.size_bytes.value_or(size) != size)
    return fail(Code::verification, report.url.to_string() + ": what the server has now is not what " +
                                        quoted(report.file) + " is here");
  report.is_verified = !receipt.sha256.empty();
  report.at = size;
  return {};
}

}  // namespace yam::service
