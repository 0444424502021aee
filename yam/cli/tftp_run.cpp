#include "yam/cli/tftp_run.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/cli/progress.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/trace.hpp"
#include "yam/cli/voice.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

namespace tftp = proto::tftp;
using service::TftpErrands;

namespace {

double seconds_of(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string words_or_none(const tftp::Options& options) {
  return options.empty() ? "no options" : options.to_string();
}

std::string words_of(const service::TftpReport& report) {
  const tftp::Statistics& statistics = report.statistics;
  std::string words = report.server.to_string() + ": asked for " + words_or_none(report.asked);
  if (report.fell_back) words += ", then for none";
  if (report.requests > 1) words += fmt::format(", {} requests", report.requests);
  if (statistics.blocks == 0) return words;
  words += "; granted " + words_or_none(report.granted);
  const double seconds = seconds_of(report.span);
  words += fmt::format("; {} in {}", print_bytes(statistics.bytes), print_duration(report.span));
  if (seconds > 0 && statistics.bytes > 0) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(statistics.bytes) / seconds);
    if (rate > 0) words += ", " + print_rate(Rate{rate});
  }
  if (statistics.round_trip) words += ", round trip " + print_duration(*statistics.round_trip);
  return words + fmt::format(", {} retransmitted", statistics.retransmissions);
}

// The name of a file on stdout or stdin.
std::string name_here(const service::TftpErrand& errand, bool write) {
  if (errand.is_standard()) return write ? "stdin" : "stdout";
  return errand.file;
}

std::string json_of(const service::TftpErrands::Ended& ended, bool write) {
  const service::TftpReport& report = ended.report;
  const Result<void>& outcome = ended.outcome;
  const tftp::Statistics& statistics = report.statistics;
  tui::JsonLine line;
  const char* event = write ? "uploaded" : "downloaded";
  line.field("event", outcome ? event : "failed").field("url", ended.errand.url.to_string());
  line.bytes("file", bytes_of(name_here(ended.errand, write)));
  if (report.requests > 0) line.field("server", report.server.to_string());
  if (report.requests > 0) line.field("asked", report.asked.to_string());
  if (statistics.blocks > 0) {
    line.field("granted", report.granted.to_string());
    line.field("bytes", statistics.bytes).field("blocks", statistics.blocks);
    line.field("seconds", seconds_of(report.span));
    if (statistics.round_trip) line.field("round_trip", seconds_of(*statistics.round_trip));
    line.field("retransmissions", statistics.retransmissions).field("duplicates", statistics.duplicates);
    line.field("gaps", statistics.gaps).field("timeouts", statistics.timeouts);
  }
  if (report.requests > 0) line.field("requests", report.requests).field("fell_back", report.fell_back);
  if (!outcome) line.field("how", outcome.error().what);
  line.field("status", outcome ? 0 : exit_status(outcome.error().code));
  if (!outcome) line.field("code", name_of(outcome.error().code));
  return line.take();
}

Progress::Amount amount_of(const TftpErrands& errands, const std::string& name) {
  const auto progress = errands.progress();
  Progress::Amount amount{name, progress.bytes, progress.size_bytes};
  if (progress.all > 1) amount.name = fmt::format("{} of {} files", progress.ended, progress.all);
  return amount;
}

// What --json and -v say of it, and, when it failed, why. Gives the exit status.
int tell(const TftpOptions& options, bool write, const TftpErrands::Ended& ended) {
  if (options.json) {
    std::fputs(json_of(ended, write).c_str(), stdout);
    std::fflush(stdout);
  }
  if (options.verbose && ended.report.requests > 0) say(words_of(ended.report));
  return ended.outcome ? 0 : explain(ended.outcome.error());
}

// The fault of the result has been told.
net::Task<Result<void>> run_all(net::Loop& loop, TftpOptions options,
                                std::vector<service::TftpErrand> planned, TftpErrands::Setup setup,
                                int& status) {
  const auto trace = Trace::open(loop, options.trace, Trace::columns_of_packets);
  if (!trace) co_return fail(trace.error());
  setup.wish.ladders = (*trace)->sink(planned.size() == 1);
  const std::string name = planned.front().url.name;
  Progress* shown = nullptr;
  TftpErrands errands(loop, std::move(planned), setup, [&](const TftpErrands::Ended& ended) {
    shown->erase();
    (*trace)->draw_handed();
    tell(options, setup.write, ended);
  });
  Progress progress(loop, !options.quiet && !options.json && !options.trace,
                    [&] { return amount_of(errands, name); });
  shown = &progress;
  auto running = errands.run();
  const auto outcome = co_await std::move(running);
  status = outcome ? 0 : exit_status(outcome.error().code);
  co_return Result<void>();
}

}  // namespace

int run_tftp(const TftpOptions& options, Result<std::vector<service::TftpErrand>> planned,
             TftpErrands::Setup setup) {
  auto wish = options.wish();
  if (!wish) return explain(wish.error());
  if (!planned) return explain(planned.error());
  setup.wish = *wish;
  if (options.jobs != 0) setup.at_once = options.jobs;
  auto session = Session::open();
  if (!session) return explain(session.error());
  int status = 0;
  const int ended =
      (*session)->run(run_all((*session)->loop(), options, std::move(*planned), std::move(setup), status));
  return ended != 0 ? ended : status;
}

}  // namespace yam::cli
