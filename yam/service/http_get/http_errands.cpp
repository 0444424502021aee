#include "yam/service/http_get/http_errands.hpp"

#include <algorithm>
#include <utility>

#include "yam/net/loop/scope.hpp"
#include "yam/service/http_get/http_pipeline.hpp"

namespace yam::service {

HttpErrands::HttpErrands(HttpClient& client, HttpWish& wish, const HttpGetRules& rules,
                         std::vector<HttpErrand> errands, std::size_t at_once, Observer observer)
    : client_(client), wish_(wish), rules_(rules), at_once_(at_once), observer_(std::move(observer)) {
  for (HttpErrand& errand : errands) {
    if (errand.file == get_standard) at_once_ = 1;
    errands_.push_back({.errand = std::move(errand)});
  }
}

net::Task<Result<void>> HttpErrands::run() {
  auto ahead = work_ahead();
  co_await std::move(ahead);
  net::Scope workers(client_.loop());
  for (std::size_t i = 0; i < std::min(at_once_, errands_.size()); ++i)
    workers.spawn(work());
  co_await workers.drained();
  for (const Running& running : errands_)
    if (!*running.outcome) co_return *running.outcome;
  co_return Result<void>();
}

net::Task<> HttpErrands::work_ahead() {
  std::vector<HttpPipeline::Item> items;
  for (Running& running : errands_) {
    const bool is_near = items.empty() || items.front().errand.url.origin == running.errand.url.origin;
    if (is_near && HttpPipeline::may_carry(running.errand))
      items.push_back({running.errand, running.report, running.outcome});
  }
  if (items.size() < 2 || !HttpPipeline::may_carry(wish_, rules_)) co_return;
  HttpPipeline pipeline(client_, wish_, rules_, std::move(items), [this](const HttpPipeline::Item& item) {
    const Ended ended{item.errand, item.report, *item.outcome};
    observer_(ended);
  });
  auto running = pipeline.run(at_once_);
  co_await std::move(running);
}

net::Task<> HttpErrands::work() {
  while (next_ < errands_.size()) {
    Running& running = errands_[next_++];
    if (running.outcome) continue;
    HttpDownload download(client_, wish_, rules_, running.errand.url, running.errand.file, running.report);
    auto doing = download.run();
    running.outcome = co_await std::move(doing);
    const Ended ended{running.errand, running.report, *running.outcome};
    observer_(ended);
  }
}

HttpErrands::Progress HttpErrands::progress() const {
  Progress progress;
  progress.all = errands_.size();
  progress.size_bytes = 0;
  for (const Running& running : errands_) {
    const std::uint64_t bytes = running.report.began_at + running.report.bytes;
    std::optional<std::uint64_t> size = running.report.size_bytes;
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
