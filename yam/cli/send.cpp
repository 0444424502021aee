// yam send FILE…: offers files and folders to whoever is told the address.

#include <csignal>
#include <ctime>
#include <limits>
#include <optional>

#include "yam/base/text.hpp"
#include "yam/cli/arguments.hpp"
#include "yam/cli/send_voice.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/loop/signals.hpp"
#include "yam/service/http_send/end_time.hpp"

namespace yam::cli {

namespace {

using net::Task;
using service::Sending;
using service::SendItem;

constexpr std::string_view closing =
    "Receivers need the printed address, and yam, curl or a browser: a server with a key of its own and a "
    "path\n"
    "that nobody can guess runs until it is told to end. yam and curl check the key by the pin; a browser\n"
    "cannot, and warns. Folders go out as trees (yam get -r) or as archives (?format=tar, tar.zst or zip).\n"
    "A receiver has everything once every byte of every file and folder went out to his address, over any\n"
    "number of connections and pieces, or a folder as one archive: what was cut and goes on counts once. Of "
    "two\n"
    "at one address each counts once every byte went out twice.\n"
    "Exit status: 0 when as many have everything as were asked for (one, when nothing was said), 3 when\n"
    "the time was over before, 130 when ^C came before; 1 when stdin was cut, which goes out only once.\n\n"
    "Examples:\n"
    "  yam send holiday.mp4\n"
    "  yam send photos/ notes.txt --receivers 3 --until 18:30\n"
    "  yam send build.tar --once --until 10min --json\n"
    "  tar c src | yam send - --name src.tar\n"
    "  yam send report.pdf --http --bind 127.0.0.1      plain http, this machine alone\n";

struct SendVerb {
  std::vector<std::string> paths;
  std::string name, until, bind;
  std::uint64_t port = 0, receivers = 0;
  bool once = false, http = false, no_qr = false, json = false, verbose = false;

  Result<service::SendPlan> plan(SendVoice& voice);
};

// Absent: none.
Result<std::optional<Duration>> time_of(const std::string& until) {
  if (until.empty()) return std::nullopt;
  const auto span = service::parse_end_time(until, std::time(nullptr));
  if (!span) return fail(Code::usage, "--until: " + span.error().what, span.error().hint);
  return *span;
}

Result<service::SendPlan> SendVerb::plan(SendVoice& voice) {
  service::SendPlan plan;
  if (!bind.empty()) {
    const auto address = IpAddress::parse(bind);
    if (!address) return fail(Code::usage, "--bind: " + address.error().what);
    plan.bind = *address;
  }
  plan.port = static_cast<std::uint16_t>(port);
  plan.tls = !http;
  auto sent = service::open_send_items(paths, name);
  if (!sent) return fail(sent.error());
  if (sent->items.front().kind == SendItem::Kind::stream && receivers > 1)
    return fail(Code::usage, "stdin can be sent to one receiver alone");
  voice.tell_left_out(sent->left_out);
  plan.items = std::move(sent->items);
  return plan;
}

// Whether what was asked for has come about, although it was not this that ended it.
bool is_enough(const Sending& sending, std::uint64_t wanted) {
  return sending.receivers() >= std::max<std::uint64_t>(wanted, 1);
}

int status_of(const Sending& sending, std::uint64_t wanted, const Result<>& outcome, std::size_t cut_off) {
  if (outcome) return 0;
  const bool was_stopped = outcome.error().code == Code::interrupted;
  const bool may_be_enough = was_stopped || outcome.error().code == Code::timeout;
  if (may_be_enough && is_enough(sending, wanted) && !(was_stopped && cut_off > 0)) return 0;
  return exit_status(outcome.error().code);
}

Progress::Amount amount_of_sending(const Sending& sending) {
  const auto now = sending.progress();
  Progress::Amount amount;
  amount.name = now.peers == 0   ? "waiting"
                : now.peers == 1 ? "1 receives"
                                 : std::to_string(now.peers) + " receive";
  amount.bytes = now.bytes;
  return amount;
}

Task<int> send(net::Loop& loop, net::Signals& signals, SendVoice& voice, Sending& sending, Time deadline,
               std::uint64_t wanted) {
  voice.announce(sending);
  Result<> outcome;
  {
    Progress progress(loop, true, [&sending] { return amount_of_sending(sending); });
    voice.set_progress(&progress);
    auto waiting = sending.wait(wanted > 0 ? wanted : std::numeric_limits<std::uint64_t>::max(), deadline);
    auto ending = net::until_signal(loop, signals, std::move(waiting));
    outcome = co_await std::move(ending);
    voice.set_progress(nullptr);
  }
  signals.let_go();
  auto leaving = sending.leave();
  const std::size_t cut_off = co_await std::move(leaving);
  const int status = status_of(sending, wanted, outcome, cut_off);
  voice.tell_end(sending, outcome, cut_off, status);
  co_return status;
}

int run(SendVerb& verb) {
  if (verb.once && verb.receivers > 1)
    return explain({Code::usage, "--once and --receivers contradict each other", ""});
  if (verb.once) verb.receivers = 1;
  const auto span = time_of(verb.until);
  if (!span) return explain(span.error());
  SendVoice::Options options;
  options.json = verb.json;
  options.verbose = verb.verbose;
  options.qr = !verb.no_qr;
  SendVoice voice(options);
  auto plan = verb.plan(voice);
  if (!plan) return explain(plan.error());
  const bool is_stream = plan->items.front().kind == SendItem::Kind::stream;
  if (is_stream) verb.receivers = 1;
  voice.set_wanted(verb.receivers);
  auto loop = net::Loop::open();
  if (!loop) return explain(loop.error());
  auto signals = net::Signals::open(**loop, {SIGINT, SIGTERM});
  if (!signals) return explain(signals.error());
  const Time deadline = *span ? after((*loop)->now(), **span) : never;
  auto sending = Sending::open(**loop, std::move(*plan), voice,
                               [&voice](const service::SendEvent& event) { voice.handle(event); });
  if (!sending) return explain(sending.error());
  return (*loop)->run(send(**loop, **signals, voice, **sending, deadline, verb.receivers));
}

}  // namespace

int run_send(const Words& given) {
  SendVerb verb;
  Arguments arguments("send", "Offers each FILE or folder (- is stdin) by https until receivers have them.",
                      closing);
  arguments.words("FILE", verb.paths, 1, "What to send: files, folders, or - alone");
  arguments.text("--name", verb.name, "NAME",
                 "What the receiver sees it called: of one file, folder or stdin");
  arguments.number("--receivers", verb.receivers, 1, 1'000'000, "End once so many have everything");
  arguments.flag("--once", verb.once, "The same as --receivers 1; stdin is sent so in any case");
  arguments.text("--until", verb.until, "TIME", "End after so long (30min) or at a time of day (18:30)");
  arguments.flag("--http", verb.http, "Without TLS: whoever is on the way can read along");
  arguments.text("--bind", verb.bind, "ADDRESS",
                 "Listen there, not on every address (127.0.0.1: this machine alone)");
  arguments.number("--port", verb.port, 0, 65535, "Listen on that port (default: any free one)");
  arguments.flag("--no-qr", verb.no_qr, "Draw no QR code, which is drawn on terminals alone");
  arguments.flag("--json", verb.json,
                 "One JSON object a line on stdout: the addresses, who fetches what, the end");
  arguments.flag("-v,--verbose", verb.verbose, "Name each file of a folder, too");
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  return run(verb);
}

}  // namespace yam::cli
