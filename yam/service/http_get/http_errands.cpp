#include "yam/service/http_get/http_errands.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/path.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/stdio.hpp"
#include "yam/service/http_get/http_pipeline.hpp"
#include "yam/service/http_get/http_tree.hpp"
#include "yam/service/http_get/metalink_download.hpp"

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
    auto doing = running.described ? get_described(running) : get(running);
    running.outcome = co_await std::move(doing);
    if (*running.outcome && running.is_document) continue;
    const Ended ended{running.errand, running.report, *running.outcome};
    observer_(ended);
  }
}

net::Task<Result<void>> HttpErrands::get(Running& running) {
  const HttpErrand& errand = running.errand;
  HttpDownload download(client_, wish_, rules_, errand.url, errand.file, running.report);
  const bool keeps =
      errand.is_listed || errand.file == get_standard ||
      (errand.is_named && (errand.file.ends_with(metalink_suffix) || net::is_special_file(errand.file)));
  if (rules_.follows_metalinks && !keeps) download.follow_metalink();
  auto doing = download.run();
  auto outcome = co_await std::move(doing);
  running.is_document = download.metalink().has_value();
  if (outcome && running.is_document) outcome = take_metalink(running, *download.metalink());
  co_return outcome;
}

// Without a hash, one mirror after the other, for nothing would hold together what several give.
net::Task<Result<void>> HttpErrands::get_described(Running& running) {
  const MetalinkErrand& described = *running.described;
  if (MetalinkDownload::may_carry(described)) {
    MetalinkDownload download(client_, wish_, rules_, described, running.errand.file, running.report);
    auto doing = download.run();
    co_return co_await std::move(doing);
  }
  Result<void> outcome;
  HttpWish foreign = without_secrets(wish_);
  for (const HttpUrl& url : described.mirrors) {
    HttpWish& wish = url.origin == described.document.origin ? wish_ : foreign;
    HttpDownload download(client_, wish, rules_, url, running.errand.file, running.report);
    auto doing = download.run();
    outcome = co_await std::move(doing);
    if (outcome || outcome.error().code == Code::local) break;
  }
  co_return outcome;
}

// Each file that it names becomes an errand, in the folder where the document would be.
Result<void> HttpErrands::take_metalink(const Running& running, std::string_view text) {
  auto described = plan_metalink(running.report.url, text);
  if (!described) return fail(described.error());
  const HttpErrand& errand = running.errand;
  if (errand.is_named && described->size() > 1)
    return fail(Code::usage,
                errand.url.to_string() + " names " + std::to_string(described->size()) + " files",
                "-o FOLDER/ takes them all");
  const std::string folder = errand.file.substr(0, errand.file.size() - last_part(errand.file).size());
  for (MetalinkErrand& one : *described) {
    std::string file = errand.file;
    if (!errand.is_named) {
      file = folder;
      for (std::size_t i = 0; i < one.path.size(); ++i) {
        file += one.path[i];
        if (i + 1 == one.path.size()) break;
        if (auto made = make_folder(file); !made) return made;
        file += '/';
      }
    }
    errands_.push_back(
        {.errand = {errand.url, std::move(file), errand.is_named}, .described = std::move(one)});
  }
  return {};
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
