#include "yam/service/tftp_client/tftp_errands.hpp"

#include <algorithm>
#include <utility>

#include "yam/net/loop/scope.hpp"

namespace yam::service {

struct TftpErrands::Running {
  TftpErrand errand;
  TftpReport report = {};
  std::unique_ptr<Download> into = {};  // while it is running, as the next
  std::unique_ptr<Upload> from = {};
  std::uint64_t bytes = 0;  // in the end
  std::optional<Result<void>> outcome = {};
};

TftpErrands::TftpErrands(net::Loop& loop, std::vector<TftpErrand> errands, Setup setup, Observer observer)
    : loop_(loop), setup_(std::move(setup)), observer_(std::move(observer)) {
  for (TftpErrand& errand : errands) {
    if (errand.is_standard() || setup_.wish.source_port != 0) setup_.at_once = 1;
    errands_.push_back({.errand = std::move(errand)});
  }
}

TftpErrands::~TftpErrands() = default;

net::Task<Result<void>> TftpErrands::run() {
  net::Scope workers(loop_);
  for (std::size_t i = 0; i < std::min(setup_.at_once, errands_.size()); ++i)
    workers.spawn(work());
  co_await workers.drained();
  for (const Running& running : errands_)
    if (!*running.outcome) co_return *running.outcome;
  co_return Result<void>();
}

net::Task<> TftpErrands::work() {
  while (next_ < errands_.size()) {
    auto running = run_one(errands_[next_++]);
    co_await std::move(running);
  }
}

net::Task<> TftpErrands::run_one(Running& running) {
  auto doing = setup_.write ? put(running) : get(running);
  running.outcome = co_await std::move(doing);
  running.bytes = running.report.statistics.bytes;
  running.into.reset();
  running.from.reset();
  const Ended ended{running.errand, running.report, *running.outcome};
  observer_(ended);
}

net::Task<Result<void>> TftpErrands::get(Running& running) {
  const TftpErrand& errand = running.errand;
  auto into = errand.is_standard() ? Download::standard_output(loop_)
                                   : Download::open(loop_, errand.file, setup_.existing);
  if (!into) co_return fail(into.error());
  running.into = std::move(*into);
  auto getting = tftp_get(loop_, errand.url, setup_.wish, *running.into, running.report);
  co_return co_await std::move(getting);
}

net::Task<Result<void>> TftpErrands::put(Running& running) {
  const TftpErrand& errand = running.errand;
  auto from = errand.is_standard() ? Upload::standard_input(loop_, errand.url.mode)
                                   : Upload::open(loop_, errand.file, errand.url.mode);
  if (!from) co_return fail(from.error());
  running.from = std::move(*from);
  auto putting = tftp_put(loop_, errand.url, setup_.wish, *running.from, running.report);
  co_return co_await std::move(putting);
}

TftpErrands::Progress TftpErrands::progress() const {
  Progress progress;
  progress.all = errands_.size();
  progress.size_bytes = 0;
  for (const Running& running : errands_) {
    std::optional<std::uint64_t> size = running.report.size_bytes;
    if (running.outcome) {
      ++progress.ended;
      progress.bytes += running.bytes;
      size = running.bytes;  // of one that failed no more is to come
    }
    if (running.into) progress.bytes += running.into->bytes();
    if (running.from) progress.bytes += running.from->bytes();
    if (!size) progress.size_bytes.reset();
    if (progress.size_bytes) *progress.size_bytes += *size;
  }
  return progress;
}

}  // namespace yam::service
