#include "yam/cli/http_put_run.hpp"

#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/cli/http_screen.hpp"
#include "yam/cli/progress.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/voice.hpp"
#include "yam/service/http_put/put_errands.hpp"
#include "yam/store/state.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

using service::PutErrands;
using service::PutReport;
using service::PutRunning;

namespace {

// All that a run is made of; what refers to another part stands below it.
struct HttpPutPlan {
  service::PutPlan put;
  service::HttpClient::Setup setup;
  service::HttpWish wish;
  std::optional<service::Pace> pace;
  std::optional<store::UploadPlaces> places;
  service::PutRules rules;
  std::size_t at_once = PutErrands::at_once_default;
};

double seconds_of(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string words_of_put(const PutReport& report) {
  std::string words =
      fmt::format("{}: {} from {}", escaped(report.file), report.status, report.url.to_string());
  words += " (" + report.peer + ")";
  words += fmt::format("; {} in {}", print_bytes(report.bytes), print_duration(report.span));
  const double seconds = seconds_of(report.span);
  if (seconds > 0) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(report.bytes) / seconds);
    if (rate > 0) words += ", " + print_rate(Rate{rate});
  }
  if (report.by_tus) words += ", by tus";
  if (report.began_at > 0) words += ", gone on at " + print_bytes(report.began_at);
  if (report.is_verified) words += ", and the server has the same SHA-256";
  return words + fmt::format("; {} requests, {} tried again", report.requests, report.retries);
}

std::string json_of_put(const PutRunning& running) {
  const PutReport& report = running.report;
  const Result<void>& outcome = *running.outcome;
  tui::JsonLine line;
  line.field("event", outcome ? "uploaded" : "failed").field("url", running.errand.url.to_string());
  line.bytes("file", bytes_of(running.errand.file == service::put_standard ? "stdin" : running.errand.file));
  if (report.status != 0) {
    line.field("to", report.url.to_string()).field("server", report.peer).field("answer", report.status);
    line.field("how_sent", report.by_tus ? "tus" : "put");
    line.field("bytes", report.bytes).field("began_at", report.began_at);
    if (report.size_bytes) line.field("size", *report.size_bytes);
    line.field("verified", report.is_verified);
  }
  line.field("seconds", seconds_of(report.span));
  line.field("requests", report.requests).field("retries", report.retries);
  if (!outcome) line.field("how", outcome.error().what);
  line.field("status", outcome ? 0 : exit_status(outcome.error().code));
  if (!outcome) line.field("code", name_of(outcome.error().code));
  return line.take();
}

void tell_put(const TftpOptions& common, const PutRunning& running) {
  if (common.json) {
    std::fputs(json_of_put(running).c_str(), stdout);
    std::fflush(stdout);
  }
  if (common.verbose && running.report.status != 0) say(words_of_put(running.report));
  if (!*running.outcome) explain(running.outcome->error());
}

Progress::Amount amount_of_put(const PutErrands& errands, const std::string& name) {
  const auto progress = errands.progress();
  Progress::Amount amount{name, progress.bytes, progress.size_bytes};
  if (progress.all > 1) amount.name = fmt::format("{} of {} files", progress.ended, progress.all);
  return amount;
}

// What went wrong beneath folders has been told, or is now.
int tell_plan(const HttpPutPlan& plan) {
  int status = 0;
  for (const Error& fault : plan.put.faults)
    status = explain(fault);
  if (plan.put.left_out > 0)
    plan.rules.notice(
        fmt::format("{} left out: links to folders or out of them, and what is no file", plan.put.left_out));
  return status;
}

// The fault of the result has been told.
net::Task<Result<void>> run_all_puts(net::Loop& loop, const TftpOptions* common, HttpPutPlan* plan,
                                     int* status) {
  const auto trace = Trace::open(loop, common->trace);
  if (!trace) co_return fail(trace.error());
  TracedConnections traced(**trace);
  if (common->trace) plan->setup.observer = &traced;
  Progress* shown = nullptr;
  plan->rules.notice = [&](const std::string& words) {
    if (shown != nullptr) shown->erase();
    if (!common->quiet) say(words);
  };
  *status = tell_plan(*plan);
  service::HttpClient client(loop, plan->setup);
  const std::string name = plan->put.errands.empty() ? "" : plan->put.errands.front().file;
  PutErrands errands(client, plan->wish, plan->rules, std::move(plan->put), plan->at_once,
                     [&](const PutRunning& running) {
                       shown->erase();
                       tell_put(*common, running);
                     });
  Progress progress(loop, !common->quiet && !common->json && !common->trace,
                    [&] { return amount_of_put(errands, name); });
  shown = &progress;
  bool is_told = false;
  auto running = errands.run(is_told);
  const auto outcome = co_await std::move(running);
  shown = nullptr;
  if (!outcome && !is_told) co_return outcome;
  if (!outcome) *status = exit_status(outcome.error().code);
  co_return Result<void>();
}

Result<void> plan_put(const HttpPut& put, const HttpOptions& options, const TftpOptions& common,
                      HttpPutPlan& plan) {
  if (options.head && common.json) return fail(Code::usage, "--head and --json both want stdout");
  auto url = service::HttpUrl::parse(put.url);
  if (!url) return fail(url.error());
  auto setup = options.setup({*url});
  if (!setup) return fail(setup.error());
  plan.setup = std::move(*setup);
  if (common.timeout >= Duration::zero()) plan.setup.silence = common.timeout;
  plan.setup.bind = common.bind;
  auto wish = options.wish();
  if (!wish) return fail(wish.error());
  plan.wish = std::move(*wish);
  if (options.head) plan.wish.on_head = [](const service::HttpHead& head) { show_head(head, stdout); };
  if (auto set = options.set_pace(plan.pace); !set) return set;
  if (plan.pace) plan.rules.pace = &*plan.pace;
  plan.rules.replaces = put.force;
  plan.rules.retries_calls = options.told_retries().has_value();
  plan.rules.retries = options.told_retries().value_or(plan.rules.retries);
  if (common.jobs != 0) plan.at_once = common.jobs;
  auto planned = service::plan_http_uploads(put.files, *url);
  if (!planned) return fail(planned.error());
  plan.put = std::move(*planned);
  return {};
}

}  // namespace

int run_http_put(const HttpPut& put, const HttpOptions& options, const TftpOptions& common) {
  HttpPutPlan plan;
  if (auto planned = plan_put(put, options, common, plan); !planned) return explain(planned.error());
  service::CookieJar cookies;
  if (options.cookies) plan.wish.cookies = &cookies;
  // Without a state folder uploads work as well; they begin anew each time.
  if (const auto folder = store::state_folder()) {
    plan.places.emplace(*folder + "/uploads.db");
    plan.rules.places = &*plan.places;
  }
  auto session = Session::open();
  if (!session) return explain(session.error());
  int status = 0;
  const int ended = (*session)->run(run_all_puts((*session)->loop(), &common, &plan, &status));
  return ended != 0 ? ended : status;
}

}  // namespace yam::cli
