#include "yam/service/http_put/put_errands.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/quantity.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_put/put_pipeline.hpp"

namespace yam::service {

using net::Task;

PutErrands::PutErrands(HttpClient& client, HttpWish& wish, const PutRules& rules, PutPlan plan,
                       std::size_t at_once, Observer observer)
    : common_{client, wish, rules, std::move(plan.into)},
      at_once_(at_once),
      folders_(std::move(plan.folders)) {
  common_.ended = std::move(observer);
  for (PutErrand& errand : plan.errands)
    all_.push_back({.errand = std::move(errand)});
}

Task<Result<void>> PutErrands::run(bool& is_told) {
  is_told = false;
  auto preparing = prepare();
  if (auto prepared = co_await std::move(preparing); !prepared) co_return prepared;
  is_told = true;
  for (PutRunning& running : all_) {
    const auto& size = running.errand.size_bytes;
    const bool is_small = size && *size <= small_bytes_max && !common_.offer.prefers_tus(size);
    (is_small ? common_.small : common_.alone).push_back(&running);
  }
  net::Scope workers(common_.client.loop());
  for (std::size_t i = 0; i < std::min(at_once_, all_.size()); ++i)
    workers.spawn(work(i % 2 == 0));
  co_await workers.drained();
  std::size_t left = 0;
  const Result<void>* first_fault = nullptr;
  for (const PutRunning& running : all_) {
    if (!running.outcome) ++left;
    if (running.outcome && !*running.outcome && first_fault == nullptr) first_fault = &*running.outcome;
  }
  if (left > 0 && common_.rules.notice)
    common_.rules.notice(std::to_string(left) + " more files were not sent, for the same reason");
  if (first_fault != nullptr) co_return *first_fault;
  co_return Result<void>();
}

// What the server takes, and the folders that the files need.
Task<Result<void>> PutErrands::prepare() {
  HttpRequest options;
  options.method = "OPTIONS";
  options.url = common_.into;
  options.url.path = options.url.path.substr(0, options.url.path.rfind('/') + 1);
  options.fields = {{"User-Agent", "yam"}};
  auto asking = ask_patiently(std::move(options));
  auto asked = co_await std::move(asking);
  if (!asked) co_return fail(asked.error());
  common_.offer = read_put_offer((*asked)->head());
  auto dropping = receive_put_answer(**asked);
  co_await std::move(dropping);
  common_.client.keep(std::move(*asked));
  if (!common_.offer.takes_put) co_return Result<void>();  // tus knows no folders
  for (const HttpUrl& folder : folders_) {
    HttpRequest request;
    request.method = "MKCOL";
    request.url = folder;
    request.fields = {{"User-Agent", "yam"}};
    auto making = ask_patiently(std::move(request));
    auto made = co_await std::move(making);
    if (!made) co_return fail(made.error());
    auto receiving = receive_put_answer(**made);
    const PutAnswer answer = co_await std::move(receiving);
    if (!is_folder_there((*made)->head().status()))
      co_return fail(put_refusal(folder, (*made)->head(), answer.words));
    common_.client.keep(std::move(*made));
  }
  co_return Result<void>();
}

// With the patience of an upload: both methods may be repeated.
Task<Result<std::unique_ptr<HttpConnection>>> PutErrands::ask_patiently(HttpRequest request) {
  const PutRules& rules = common_.rules;
  PutReport unseen;
  PutAsking asking(common_.client, common_.wish, rules, common_.into.origin, unseen);
  for (unsigned tries = 0;; ++tries) {
    PutRequest put;
    put.request = request;
    auto trying = asking.ask(std::move(put));
    auto asked = co_await std::move(trying);
    std::optional<Duration> told;
    bool again = false;
    if (asked) {
      const HttpHead& head = (*asked)->head();
      again = is_passing(unsigned{head.status()});
      told = retry_after_of(head);
    } else {
      again = is_passing(asked.error().code) && (asking.was_there() || rules.retries_calls);
    }
    const Duration wait = retry_wait(tries, told);
    if (!again || tries == rules.retries || wait > retry_after_max) co_return std::move(asked);
    std::string words = request.url.to_string() + ": status " + std::to_string(unseen.status);
    if (!asked) words = asked.error().what;
    if (rules.notice) rules.notice(words + "; trying again in " + print_duration(wait));
    co_await common_.client.loop().sleep_for(wait);
  }
}

Task<> PutErrands::work(bool prefers_small) {
  while (!common_.is_over) {
    const bool has_small = !common_.small.empty();
    if (has_small && common_.pipelines && (prefers_small || common_.alone.empty())) {
      PutPipeline pipeline(common_);
      auto running = pipeline.run();
      co_await std::move(running);
      continue;
    }
    auto& queue = common_.alone.empty() ? common_.small : common_.alone;
    if (queue.empty()) co_return;
    PutRunning& running = *queue.front();
    queue.pop_front();
    PutUpload upload(common_.client, common_.wish, common_.rules, common_.offer, common_.into, running.errand,
                     running.was_sent, running.report);
    auto uploading = upload.run();
    auto outcome = co_await std::move(uploading);
    common_.end(running, std::move(outcome));
  }
}

PutErrands::Progress PutErrands::progress() const {
  Progress progress;
  progress.all = all_.size();
  progress.size_bytes = 0;
  for (const PutRunning& running : all_) {
    const std::uint64_t bytes = running.report.at;
    std::optional<std::uint64_t> size = running.errand.size_bytes;
    if (running.outcome) {
      ++progress.ended;
      size = bytes;  // of one that failed no more is to come
    }
    progress.bytes += bytes;
    if (!size) progress.size_bytes.reset();
    if (progress.size_bytes) *progress.size_bytes += *size;
  }
  return progress;
}

}  // namespace yam::service
