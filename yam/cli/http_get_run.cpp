#include "yam/cli/http_get_run.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/cli/http_screen.hpp"
#include "yam/cli/progress.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/trace.hpp"
#include "yam/cli/voice.hpp"
#include "yam/service/http_get/http_errands.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

using service::HttpErrands;

namespace {

// All that a run is made of; what refers to another part stands below it.
struct HttpGetPlan {
  std::vector<service::HttpUrl> trees;  // whose files become errands
  service::HttpTreeRules tree_rules;
  std::string output;
  std::vector<service::HttpErrand> errands;
  service::HttpClient::Setup setup;
  service::HttpWish wish;
  std::optional<service::Pace> pace;
  service::HttpGetRules rules;
  std::size_t at_once = HttpErrands::at_once_default;
};

double in_seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string words_of(const service::HttpGetReport& report) {
  std::string words =
      fmt::format("{}: {} from {}", escaped(report.file), report.status, report.url.to_string());
  words += " (" + report.peer + ")";
  words += fmt::format("; {} in {}", print_bytes(report.bytes), print_duration(report.span));
  const double seconds = in_seconds(report.span);
  if (seconds > 0) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(report.bytes) / seconds);
    if (rate > 0) words += ", " + print_rate(Rate{rate});
  }
  if (report.began_at > 0) words += ", gone on at " + print_bytes(report.began_at);
  if (!report.coding.empty()) words += ", decoded from " + escaped(report.coding);
  return words + fmt::format("; {} requests, {} tried again", report.requests, report.retries);
}

std::string json_of_get(const HttpErrands::Ended& ended) {
  const service::HttpGetReport& report = ended.report;
  const Result<void>& outcome = ended.outcome;
  tui::JsonLine line;
  line.field("event", outcome ? "downloaded" : "failed").field("url", ended.errand.url.to_string());
  line.bytes("file", bytes_of(report.file == service::get_standard ? "stdout" : report.file));
  if (report.status != 0) {
    line.field("from", report.url.to_string()).field("server", report.peer).field("answer", report.status);
    line.field("bytes", report.bytes).field("began_at", report.began_at);
    if (report.size_bytes) line.field("size", *report.size_bytes);
    if (!report.coding.empty()) line.field("coding", report.coding);
  }
  line.field("seconds", in_seconds(report.span));
  line.field("requests", report.requests).field("retries", report.retries);
  if (!outcome) line.field("how", outcome.error().what);
  line.field("status", outcome ? 0 : exit_status(outcome.error().code));
  if (!outcome) line.field("code", name_of(outcome.error().code));
  return line.take();
}

void tell(const TftpOptions& common, const HttpErrands::Ended& ended) {
  if (common.json) {
    std::fputs(json_of_get(ended).c_str(), stdout);
    std::fflush(stdout);
  }
  if (common.verbose && ended.report.status != 0) say(words_of(ended.report));
  if (!ended.outcome) explain(ended.outcome.error());
}

Progress::Amount amount_of(const HttpErrands& errands, const std::string& name) {
  const auto progress = errands.progress();
  Progress::Amount amount{name, progress.bytes, progress.size_bytes};
  if (progress.all > 1) amount.name = fmt::format("{} of {} files", progress.ended, progress.all);
  return amount;
}

// Its files become errands; what was wrong beneath is told.
net::Task<Result<void>> plan_tree(service::HttpClient& client, HttpGetPlan* plan, service::HttpUrl url,
                                  int* status) {
  auto walking = service::walk_http_tree(client, plan->wish, &plan->tree_rules, std::move(url), plan->output);
  auto tree = co_await std::move(walking);
  if (!tree) co_return fail(tree.error());
  for (const Error& fault : tree->faults)
    *status = explain(fault);
  std::string words = fmt::format("{} files in {} folders", tree->errands.size(), tree->folders);
  if (tree->skipped > 0) words += fmt::format(", {} are here already", tree->skipped);
  if (tree->left_out > 0)
    words += fmt::format(", {} left out: their names cannot be files here", tree->left_out);
  plan->rules.notice(words);
  for (service::HttpErrand& errand : tree->errands)
    plan->errands.push_back(std::move(errand));
  co_return Result<void>();
}

// The fault of the result has been told.
net::Task<Result<void>> run_all(net::Loop& loop, const TftpOptions* common, HttpGetPlan* plan, int* status) {
  const auto trace = Trace::open(loop, common->trace);
  if (!trace) co_return fail(trace.error());
  TracedConnections traced(**trace);
  if (common->trace) plan->setup.observer = &traced;
  Progress* shown = nullptr;
  plan->rules.notice = [&](const std::string& words) {
    if (shown != nullptr) shown->erase();
    if (!common->quiet) say(words);
  };
  service::HttpClient client(loop, plan->setup);
  for (const service::HttpUrl& url : plan->trees) {
    auto planting = plan_tree(client, plan, url, status);
    if (auto planted = co_await std::move(planting); !planted) co_return planted;
  }
  if (plan->errands.empty()) co_return Result<void>();
  const std::string name = plan->errands.front().file;
  HttpErrands errands(client, plan->wish, plan->rules, plan->errands, plan->at_once,
                      [&](const HttpErrands::Ended& ended) {
                        shown->erase();
                        tell(*common, ended);
                      });
  Progress progress(loop, !common->quiet && !common->json && !common->trace,
                    [&] { return amount_of(errands, name); });
  shown = &progress;
  auto running = errands.run();
  const auto outcome = co_await std::move(running);
  shown = nullptr;
  if (!outcome) *status = exit_status(outcome.error().code);
  co_return Result<void>();
}

Result<void> plan_get(const HttpGet& get, const HttpOptions& options, const TftpOptions& common,
                      HttpGetPlan& plan) {
  const bool to_stdout = get.output == service::get_standard;
  if (to_stdout && common.json)
    return fail(Code::usage, "-o - and --json both want stdout", "-o /dev/stderr is another place");
  if (options.head && common.json) return fail(Code::usage, "--head and --json both want stdout");
  std::vector<service::HttpUrl> urls;
  for (const std::string& text : get.texts) {
    auto url = service::HttpUrl::parse(text);
    if (!url) return fail(url.error());
    urls.push_back(std::move(*url));
  }
  auto setup = options.setup(urls);
  if (!setup) return fail(setup.error());
  plan.setup = std::move(*setup);
  if (common.timeout >= Duration::zero()) plan.setup.silence = common.timeout;
  plan.setup.bind = common.bind;
  auto wish = options.wish();
  if (!wish) return fail(wish.error());
  plan.wish = std::move(*wish);
  if (options.head)
    plan.wish.on_head = [to_stdout](const service::HttpHead& head) {
      show_head(head, to_stdout ? stderr : stdout);
    };
  auto rules = options.rules(plan.pace);
  if (!rules) return fail(rules.error());
  plan.rules = std::move(*rules);
  if (get.force) plan.rules.existing = service::PartFile::Existing::replaced;
  // Of one file alone, jobs are ranges.
  if (common.jobs != 0) plan.at_once = common.jobs;
  if (common.jobs != 0 && urls.size() == 1 && !options.recursive) plan.rules.ranges = common.jobs;
  if (options.recursive) {
    if (to_stdout) return fail(Code::usage, "--recursive needs a folder, not stdout");
    plan.trees = std::move(urls);
    plan.tree_rules = options.tree();
    plan.output = get.output;
    return {};
  }
  auto errands = service::plan_http_downloads(urls, get.output, options.named_by_server);
  if (!errands) return fail(errands.error());
  plan.errands = std::move(*errands);
  return {};
}

}  // namespace

int run_http_get(const HttpGet& get, const HttpOptions& options, const TftpOptions& common) {
  HttpGetPlan plan;
  if (auto planned = plan_get(get, options, common, plan); !planned) return explain(planned.error());
  service::CookieJar cookies;
  if (options.cookies) plan.wish.cookies = &cookies;
  auto session = Session::open();
  if (!session) return explain(session.error());
  int status = 0;
  const int ended = (*session)->run(run_all((*session)->loop(), &common, &plan, &status));
  return ended != 0 ? ended : status;
}

}  // namespace yam::cli
