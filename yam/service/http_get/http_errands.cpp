#include "yam/service/http_get/http_errands.hpp"

#include <algorithm>
#include <utility>

#include "yam/net/loop/scope.hpp"

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
  net::Scope workers(client_.loop());
  for (std::size_t i = 0; i < std::min(at_once_, errands_.size()); ++i)
    workers.spawn(work());
  co_await workers.drained();
  for (const Running& running : errands_)
    if (!*running.outcome) co_return *running.outcome;
  co_return Result<void>();
}

net::Task<> HttpErrands::work() {
  while (next_ < errands_.size()) {
    Running& running = errands_[next_++];
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
