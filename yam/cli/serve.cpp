// yam serve [URL…]: hosts services in one process, until a signal.

#include <algorithm>
#include <csignal>
#include <optional>
#include <sys/resource.h>

#include "yam/base/quantity.hpp"
#include "yam/cli/arguments.hpp"
#include "yam/cli/serve_log.hpp"
#include "yam/cli/trace.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/loop/loop_threads.hpp"
#include "yam/net/loop/signals.hpp"
#include "yam/service/server/config.hpp"

namespace yam::cli {

namespace {

using net::Task;

constexpr std::string_view closing =
    "URLs: echo:// discard:// daytime:// greet:// fahrenheit:// on TCP and UDP, inbox:// outbox:// on TCP,\n"
    "tftp:// on UDP, http:// and https:// on TCP, each with HOST:PORT; without a host they listen on this\n"
    "machine alone (or on every address, with --lan).\n"
    "Those with files take /FOLDER or ?root=FOLDER, inbox also ?answer=TEXT and ?name=NAME, tftp also\n"
    "?windowsize=N, ?blksize=N and ?ports=single|A-B, https also ?cert=FILE and ?key=FILE (PEM; without\n"
    "them yam shows an identity of its own). What may be written to tftp and http is said by\n"
    "?write=off|new|replace|number; over HTTP other machines must show a token besides: that in\n"
    "?token-file=FILE or YAM_TOKEN, else the one in ~/.local/state/yam/token, made when it is missing.\n"
    "What the folder of http may hold is bounded by ?quota=10GiB and ?quota-files=N.\n"
    "SIGTERM and SIGINT: what is in flight gets 5 s to end; exit status 0 when it did, 130 when not.\n"
    "SIGHUP: reads --config again. docs/config.md has the file, the limits and the log's JSON.\n\n"
    "Examples:\n"
    "  yam serve                                    one of each, on this machine, with files under ./share\n"
    "  yam serve echo://:7007 greet://:9999 --lan\n"
    "  yam serve 'inbox://192.0.2.1:8080/srv/in?answer=thanks' outbox://:7890/srv/out\n"
    "  yam serve tftp://192.0.2.1:69/srv/tftp       boot images\n"
    "  yam serve tftp://:6969/srv/tftp --lan --trace=boot.txt\n"
    "  yam serve http://:8080/srv/files --lan        files for browsers, curl and yam get\n"
    "  yam serve --config serve.toml --check\n";

// What the command line says; empty and negative is "not given".
struct ServeVerb {
  std::vector<std::string> urls;
  std::string config;
  std::string root;
  bool lan = false;
  bool check = false;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::optional<std::string> trace;
  std::uint64_t loops = 0;
  std::vector<std::string> limits;  // as typed, one for each of limit_rows()

  Result<service::ServeConfig> read_config() const {
    return config.empty() ? service::ServeConfig() : service::read_config(config);
  }
  // The file and the command line together, where the latter wins.
  Result<service::ServerPlan> plan(const service::ServeConfig& file) const;
};

Result<service::ServerPlan> ServeVerb::plan(const service::ServeConfig& file) const {
  service::ServiceDefaults defaults;
  defaults.root = !root.empty() ? root : file.root.value_or(defaults.root);
  defaults.lan = lan || file.lan.value_or(false);
  service::ServerPlan plan;
  plan.limits = file.limits;
  plan.tftp = file.tftp;
  const auto rows = service::limit_rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (limits[i].empty()) continue;
    if (const auto set = service::set_limit(plan.limits, rows[i].name, limits[i]); !set)
      return fail(Code::usage, "--" + std::string(rows[i].name) + ": " + set.error().what);
  }
  std::vector<std::string> all = file.urls;
  all.insert(all.end(), urls.begin(), urls.end());
  for (const std::string& url : all) {
    auto parsed = service::parse_service(url, defaults);
    if (!parsed) return fail(parsed.error());
    plan.services.push_back(std::move(*parsed));
  }
  if (all.empty()) plan.services = service::default_services(defaults);
  return plan;
}

// A server holds a descriptor for each peer: the hard limit is what it may have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void tell_limits(ServeLog& log, const service::ServeLimits& limits, std::size_t loops) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const std::uint64_t each = limits.max_per_address.value_or(service::max_per_address_default);
  log.say(std::to_string(loops) + " loops, " + std::to_string(files.rlim_cur) +
          " descriptors; max-connections " + std::to_string(limits.max_connections) + ", max-per-address " +
          std::to_string(each) + ", idle " + print_duration(limits.idle) + ", max-bytes " +
          print_bytes(limits.max_bytes) + ", max-files " + std::to_string(limits.max_files) + ", min-rate " +
          print_rate(limits.min_rate));
}

Task<> reload(ServeVerb verb, service::Server& server, ServeLog& log) {
  const auto file = verb.read_config();
  auto plan = file ? verb.plan(*file) : Result<service::ServerPlan>(fail(file.error()));
  if (!plan) {
    log.explain(plan.error());
    log.say("nothing is changed");
    co_return;
  }
  auto changing = server.change(std::move(*plan));
  const auto changed = co_await std::move(changing);
  if (!changed) log.explain(changed.error());
  log.say("read the configuration again");
  log.announce(server.listening());
}

void tell_counts(ServeLog& log, const service::TftpCounts& tftp) {
  if (tftp.requests == 0 && tftp.refused == 0) return;
  const auto text = [](std::uint64_t count) { return std::to_string(count); };
  log.say("tftp: " + text(tftp.requests) + " requests: " + text(tftp.sent) + " sent, " + text(tftp.not_sent) +
          " not; " + text(tftp.received) + " received, " + text(tftp.not_received) + " not; " +
          text(tftp.probed) + " asked for sizes; " + text(tftp.refused) + " refused; " +
          print_bytes(tftp.bytes_sent) + " out, " + print_bytes(tftp.bytes_received) + " in, " +
          text(tftp.retransmissions) + " packets sent again");
}

// Until a signal; gives the exit status.
Task<int> attend(net::Signals& signals, ServeVerb verb, service::Server& server, ServeLog& log) {
  log.announce(server.listening());
  for (;;) {
    if (co_await signals.next() != SIGHUP) break;
    auto reloading = reload(verb, server, log);
    co_await std::move(reloading);
  }
  signals.let_go();
  if (!verb.quiet) log.say("stopping; " + std::to_string(server.connections()) + " connections");
  auto leaving = server.leave();
  const std::size_t cut_off = co_await std::move(leaving);
  if (verb.verbose) tell_counts(log, server.tftp_counts());
  if (cut_off > 0)
    log.say("stopped; " + std::to_string(cut_off) + " conversations were cut off after " +
            print_duration(service::stop_limit));
  if (cut_off == 0 && !verb.quiet) log.say("stopped; everything in flight has ended");
  co_return cut_off == 0 ? 0 : exit_status(Code::interrupted);
}

Task<int> host(net::Loop& loop, net::Signals& signals, ServeVerb verb, service::ServerPlan plan,
               std::size_t loops) {
  const auto voice = ServeLog::open_voice();
  if (!voice) co_return explain(voice.error());
  const auto trace = Trace::open(loop, verb.trace, Trace::columns_of_packets, voice->get());
  if (!trace) co_return explain(trace.error());
  ServeLog::Options options;
  options.json = verb.json;
  options.quiet = verb.quiet;
  options.ladders = (*trace)->sink(false);
  const auto log = ServeLog::open(**voice, options);
  if (!log) co_return explain(log.error());
  if (verb.verbose) tell_limits(**log, plan.limits, loops);
  auto starting = service::Server::start(loop, std::move(plan), loops, **log);
  auto server = co_await std::move(starting);
  if (!server) co_return (*log)->explain(server.error());
  auto attending = attend(signals, std::move(verb), **server, **log);
  const int status = co_await std::move(attending);
  server->reset();
  const auto written = (*log)->finish();
  if (status == 0 && !written) co_return (*log)->explain(written.error());
  co_return status;
}

int serve(const ServeVerb& verb) {
  const auto file = verb.read_config();
  if (!file) return explain(file.error());
  auto plan = verb.plan(*file);
  if (!plan) return explain(plan.error());
  if (verb.check) {
    const std::size_t services = plan->services.size();
    say("the configuration is right: " + std::to_string(services) +
        (services == 1 ? " service" : " services"));
    return 0;
  }
  raise_descriptor_limit();
  const std::uint64_t loops = verb.loops > 0 ? verb.loops : file->loops.value_or(net::usable_cores());
  auto loop = net::Loop::open();
  if (!loop) return explain(loop.error());
  auto signals = net::Signals::open(**loop, {SIGINT, SIGTERM, SIGHUP});
  if (!signals) return explain(signals.error());
  return (*loop)->run(host(**loop, **signals, verb, std::move(*plan), loops));
}

}  // namespace

int run_serve(const Words& given) {
  ServeVerb verb;
  Arguments arguments("serve", "Hosts services in one process: those of the URLs, or one of each.", closing);
  arguments.words("URL", verb.urls, 0, "What to serve, and where");
  arguments.flag("--lan", verb.lan, "URLs without a host listen on every address, not on this machine alone");
  arguments.text("--root", verb.root, "DIR",
                 "The folder of services without one of their own (default ./share)");
  arguments.number("--loops", verb.loops, 1, service::loops_max,
                   "Event loops, a thread each (default: cores that it may use)");
  arguments.text("--config", verb.config, "FILE", "TOML: services, limits, and the rules of TFTP");
  arguments.flag("--check", verb.check, "Check the configuration and exit");
  const auto rows = service::limit_rows();
  verb.limits.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    arguments.text("--" + std::string(rows[i].name), verb.limits[i], "LIMIT",
                   std::string(rows[i].meaning) + " (default " + std::string(rows[i].default_value) + ")");
  arguments.flag("--json", verb.json, "One JSON object a line on stdout for each event, instead of words");
  arguments.flag("--quiet", verb.quiet, "Say only what goes wrong");
  arguments.maybe_text("--trace", verb.trace, "FILE",
                       "Draw the packets of tftp:// as they pass, on stderr or into FILE");
  arguments.flag("-v,--verbose", verb.verbose, "Say the limits that hold, and at the end what TFTP has done");
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  return serve(verb);
}

}  // namespace yam::cli
