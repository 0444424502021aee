// yam pipe LEFT RIGHT: joins two endpoints; forwards, wraps in TLS, changes the transport, plays a bad link.

#include <random>

#include "yam/cli/raw/pipe_view.hpp"
#include "yam/cli/raw/raw_options.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

constexpr std::uint64_t connections_max = 1'000'000;

constexpr std::string_view examples =
    "A side that listens stands behind listen:, and each connection that comes calls the other side afresh.\n"
    "When both listen, the first on the left is joined with the first on the right, and so on.\n"
    "A file on the left is read. One on the right is written: it appears, or takes the place of the old "
    "one,\n"
    "when the conversation has ended well; after a fault what came is in PATH.part. ?append adds to its "
    "end.\n"
    "\n"
    "Examples:\n"
    "  yam pipe listen::8080 example.org:80                    forward\n"
    "  yam pipe listen:tls://:8443?cert=site.pem :8080         TLS in front of a plain server\n"
    "  yam pipe listen:unix:/run/db.sock db.example.org:5432   change the transport\n"
    "  yam pipe listen::9000 'exec:date'                       a program for each connection\n"
    "  yam pipe listen::2525 file:mail.log?append              keep what comes\n"
    "  yam pipe listen::9001 file:latest.bin                   keep the latest\n"
    "  yam pipe file:index.html listen::8080                   give it to everybody who calls\n"
    "  yam pipe listen:udp://:5353 udp://9.9.9.9:53 --impair loss=2%,delay=50ms±20ms,copy=1%\n"
    "  yam pipe listen::8081 :8080 --impair delay=80ms,rate=1MB/s,cut=64KiB,reset\n";

struct PipeVerb {
  std::string left, right;
  std::string impair;
  bool once = false;
  std::uint64_t max = service::pipe_connections_default;
  RawOptions raw;
};

Result<service::PipeOptions> options_of(const PipeVerb& verb) {
  service::PipeOptions options;
  const auto left = Endpoint::parse(verb.left, Side::calling);
  if (!left) return fail(left.error());
  const auto right = Endpoint::parse(verb.right, Side::calling);
  if (!right) return fail(right.error());
  options.left = *left;
  options.right = *right;
  options.ending = verb.raw.rules();
  options.timeout = verb.raw.timeout;
  options.connections_max = verb.max;
  options.once = verb.once;
  if (!verb.impair.empty()) {
    auto plan = ImpairmentPlan::parse(verb.impair);
    if (!plan) return fail(plan.error());
    if (!plan->seed) plan->seed = std::random_device{}();
    options.impairment = *plan;
  }
  if (const auto checked = service::check(options); !checked) return fail(checked.error());
  if (verb.raw.json && (left->scheme == Scheme::stdio || right->scheme == Scheme::stdio))
    return fail(Code::usage, "--json prints on stdout, where the bytes of - go", "use -v or --trace");
  for (const Endpoint* endpoint : {&options.left, &options.right}) {
    auto identity = identity_for(*endpoint);
    if (!identity) return fail(identity.error());
    if (endpoint->scheme == Scheme::tls && endpoint->side == Side::listening) options.identity = *identity;
  }
  return options;
}

net::Task<Result<void>> run(Session& session, service::PipeOptions options,
                            std::optional<std::string> trace_to, PipeView& view,
                            service::PipeTotals& totals) {
  auto trace = Trace::open(session.loop(), trace_to);
  if (!trace) co_return fail(trace.error());
  view.trace_on(trace->get());
  const auto outcome = co_await service::pipe(session.loop(), session.children(), options, view, totals);
  view.trace_on(nullptr);
  co_return outcome;
}

}  // namespace

int run_pipe(const Words& given) {
  PipeVerb verb;
  Arguments arguments("pipe", "Joins LEFT and RIGHT: what one says the other hears.", examples);
  arguments.word("LEFT", verb.left, true, "Any endpoint but ws and wss; listen:ENDPOINT waits");
  arguments.word("RIGHT", verb.right, true, "The same");
  arguments.text("--impair", verb.impair, "PLAN",
                 "A bad link both ways: loss=2%,delay=50ms±20ms,copy=1%,reorder=5%,rate=1MB/s,flip=1e-6,"
                 "cut=64KiB,reset,seed=7; the seed is printed, and repeats the run");
  arguments.flag("--once", verb.once, "One connection instead of all that come");
  arguments.number("--max", verb.max, 1, connections_max, "Connections at once (default 256); others wait");
  verb.raw.declare_ending(arguments);
  arguments.duration("--timeout", verb.raw.timeout,
                     "Limit for connecting and for a TLS handshake (default 30s)");
  arguments.flag("--json", verb.raw.json, "One JSON object a line for each event");
  arguments.maybe_text("--trace", verb.raw.trace, "FILE",
                       "Draw the conversations of both sides as a ladder on stderr or into FILE");
  arguments.flag("-v,--verbose", verb.raw.verbose, "Say who was joined with whom, and how it ended");
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;

  const auto options = options_of(verb);
  if (!options) return explain(options.error());
  auto session = Session::open();
  if (!session) return explain(session.error());
  if (options->impairment) say("impairing both ways: " + options->impairment->to_string());
  PipeView view(verb.raw.verbose, verb.raw.json, options->is_single());
  service::PipeTotals totals;
  const int status = (*session)->run(run(**session, *options, verb.raw.trace, view, totals));
  if (options->listens() || options->impairment || verb.raw.verbose || verb.raw.json)
    view.total(totals, options->impairment.has_value());
  return status;
}

}  // namespace yam::cli
