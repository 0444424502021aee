// yam talk ENDPOINT: two people and no hub, over a connection or over UDP.

#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/cli/raw/converse.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/cli/raw/talk_run.hpp"
#include "yam/cli/raw/welcome_one.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/socket/resolver.hpp"

namespace yam::cli {

namespace {

using net::Task;

constexpr std::string_view examples =
    "An endpoint without a host (:9999, udp://:7890) waits there, as listen:ENDPOINT and --listen do.\n"
    "Over UDP, and on a terminal, lines that begin with / are for yam:\n"
    "  /to HOST:PORT   speak to somebody else (UDP)\n"
    "  /who            who has written (UDP)\n"
    "  /quit           leave\n"
    "  //text          says \"/text\"\n\n"
    "Examples:\n"
    "  yam talk :9999 --until bye                 waits for one peer\n"
    "  yam talk tcp://192.168.1.7:9999 --until bye\n"
    "  yam talk tls://friend.example:4433\n"
    "  yam talk udp://:7890 --to 192.168.1.7:7890\n";

struct TalkVerb {
  TalkVerb() = default;

  RawOptions raw;
  bool listen = false;
  std::string to;
  std::string eol = "none";
};

TalkRules rules_of(const TalkVerb& verb) {
  TalkRules rules;
  rules.until = verb.raw.until;
  rules.idle = verb.raw.idle;
  rules.line_end = verb.eol == "lf" ? "\n" : verb.eol == "crlf" ? "\r\n" : "";
  rules.json = verb.raw.json;
  return rules;
}

// ---- Over a connection ----

Task<Result<net::Connection>> wait_for_one(Session& session, TalkVerb verb, Endpoint endpoint) {
  net::AcceptorOptions options;
  auto identity = identity_for(endpoint);
  if (!identity) co_return fail(identity.error());
  options.identity = std::move(*identity);
  auto acceptor = co_await net::Acceptor::open(session.loop(), endpoint, options);
  if (!acceptor) co_return fail(acceptor.error());
  say("listening on " + (*acceptor)->address());
  co_return co_await welcome_one(session.loop(), **acceptor, verb.raw);
}

Task<Result<net::Connection>> reach(Session& session, TalkVerb verb, Endpoint endpoint) {
  if (endpoint.side == Side::listening) co_return co_await wait_for_one(session, verb, endpoint);
  net::CallOptions options;
  options.timeout = verb.raw.timeout;
  co_return co_await net::call(session.loop(), session.children(), endpoint, options);
}

Task<Result<void>> talk_over_connection(Session& session, TalkVerb verb, Endpoint endpoint) {
  auto trace = Trace::open(session.loop(), verb.raw.trace);
  if (!trace) co_return fail(trace.error());
  auto connection = co_await reach(session, verb, endpoint);
  if (!connection) co_return fail(connection.error());
  auto screen = TalkScreen::open(session.loop(), verb.raw.json);
  if (!screen) co_return fail(screen.error());

  const bool calling = endpoint.side == Side::calling;
  if (verb.raw.verbose) (*screen)->notice((calling ? "connected to " : "accepted ") + words_of(*connection));
  if (verb.raw.json) {
    auto shown = co_await (*screen)->show("", json_connected(*connection));
    if (!shown) co_return fail(shown.error());
  }
  (*trace)->follow(*connection, calling, 0);
  service::StreamTalk talk(*connection->stream);
  TalkRun run(session.loop(), talk, nullptr, **screen, rules_of(verb), connection->peer);
  auto end = co_await run.run();
  (*trace)->end(*connection, 0, end.words());
  if (verb.raw.verbose || (*screen)->is_drawn()) (*screen)->notice(words_of(end));
  co_await (*screen)->flush();
  if (!end.fault) co_return Result<void>();
  if (end.fault->code != Code::interrupted) end.fault->what = connection->peer + ": " + end.fault->what;
  co_return fail(std::move(*end.fault));
}

// ---- Over UDP ----

Task<Result<IpPort>> place_of(net::Loop& loop, Endpoint endpoint, Duration timeout) {
  const auto addresses = co_await net::resolve(loop, endpoint.host, after(loop.now(), timeout));
  if (!addresses) co_return fail(addresses.error());
  co_return IpPort{addresses->front(), endpoint.port};
}

// A socket for anybody at the place given, every address when there is none.
Task<Result<std::unique_ptr<service::DatagramTalk>>> open_socket(net::Loop& loop, Endpoint at,
                                                                 Duration timeout) {
  if (!at.host.empty()) {
    const auto place = co_await place_of(loop, at, timeout);
    if (!place) co_return fail(place.error());
    co_return service::DatagramTalk::open(loop, *place);
  }
  const IpPort every{IpAddress::any(Family::v6), at.port};
  auto talk = service::DatagramTalk::open(loop, every);
  if (talk) co_return talk;
  const IpPort every_v4{IpAddress::any(Family::v4), at.port};
  auto second = service::DatagramTalk::open(loop, every_v4);
  if (second) co_return second;
  co_return talk;
}

// Where to be while we speak to `endpoint`: what ?bind= and ?source-port= say, else any free port.
Result<Endpoint> own_place(const Endpoint& endpoint) {
  Endpoint own;
  own.scheme = Scheme::udp;
  own.side = Side::listening;
  own.host = endpoint.option("bind").value_or("");
  if (const auto port = endpoint.option("source-port")) {
    const auto number = parse_port(*port);
    if (!number) return fail(number.error());
    own.port = *number;
  }
  return own;
}

Task<Result<void>> talk_over_udp(Session& session, TalkVerb verb, Endpoint endpoint) {
  const bool waiting = endpoint.side == Side::listening;
  Result<Endpoint> own = endpoint;
  if (!waiting) own = own_place(endpoint);
  if (!own) co_return fail(own.error());
  auto partner = std::optional<Endpoint>();
  if (!waiting) partner = endpoint;
  if (!verb.to.empty()) {
    const auto to = Endpoint::parse("udp://" + verb.to, Side::calling);
    if (!to) co_return fail(Code::usage, "--to wants HOST:PORT, not " + quoted(verb.to), to.error().what);
    partner = *to;
  }

  auto talk = co_await open_socket(session.loop(), *own, verb.raw.timeout);
  if (!talk) co_return fail(talk.error());
  if (partner) {
    const auto place = co_await place_of(session.loop(), *partner, verb.raw.timeout);
    if (!place) co_return fail(place.error());
    (*talk)->speak_to(*place);
  }
  own->options.clear();
  own->host = (*talk)->local_place().address.to_string();
  own->port = (*talk)->local_place().port;
  if (waiting || verb.raw.verbose) say("listening on " + own->to_string());

  auto screen = TalkScreen::open(session.loop(), verb.raw.json);
  if (!screen) co_return fail(screen.error());
  TalkRun run(session.loop(), **talk, talk->get(), **screen, rules_of(verb), own->to_string());
  auto end = co_await run.run();
  if (verb.raw.verbose) (*screen)->notice(words_of(end));
  co_await (*screen)->flush();
  if (end.fault) co_return fail(std::move(*end.fault));
  co_return Result<void>();
}

// ---- The command line ----

// Without a host somebody is waited for.
Result<Endpoint> endpoint_of(const TalkVerb& verb, const std::string& text) {
  const auto waiting = verb.raw.endpoint(text, Side::listening);
  if (verb.listen) return waiting;
  const bool has_host = waiting && (waiting->scheme == Scheme::tcp || waiting->scheme == Scheme::tls ||
                                    waiting->scheme == Scheme::udp);
  if (has_host && waiting->host.empty()) return waiting;
  return verb.raw.endpoint(text, Side::calling);
}

Result<void> check(const TalkVerb& verb, const Endpoint& endpoint) {
  if (endpoint.scheme == Scheme::stdio || endpoint.scheme == Scheme::file || endpoint.scheme == Scheme::exec)
    return fail(Code::usage, "there is nobody to talk to at " + endpoint.to_string(),
                "people are at tcp, tls, unix, unixgram or udp; `yam connect` speaks to programs and files");
  const bool is_udp = endpoint.scheme == Scheme::udp;
  if (!verb.to.empty() && !is_udp)
    return fail(Code::usage, "--to goes with udp://", "over a connection the endpoint says whom to speak to");
  if (verb.raw.trace && is_udp)
    return fail(Code::usage, "talk does not trace UDP", "`yam connect udp://HOST:PORT --trace` does");
  return {};
}

}  // namespace

int run_talk(const Words& given) {
  TalkVerb verb;
  std::string text;
  Arguments arguments("talk", "Two people and no hub: what you type the peer reads, and the other way round.",
                      examples);
  arguments.word("ENDPOINT", text, true, "tcp, tls, unix, unixgram or udp; HOST:PORT is tcp");
  arguments.flag("--listen", verb.listen, "Wait for one peer instead of calling");
  arguments.text("--to", verb.to, "HOST:PORT", "Whom to speak to over UDP; else the first who writes");
  arguments.choice("--eol", verb.eol, {"none", "lf", "crlf"},
                   "What messages end with on the wire (default none)");
  arguments.text("--until", verb.raw.until, "WORD", "End when either side says this word");
  arguments.duration("--idle", verb.raw.idle,
                     "End when nobody has said anything for this long (exit status 3)");
  verb.raw.declare_network(arguments, Side::calling);
  arguments.flag("--json", verb.raw.json, "One JSON object a line for each event");
  arguments.maybe_text("--trace", verb.raw.trace, "FILE",
                       "Draw the conversation as a ladder on stderr or into FILE; not over udp");
  arguments.flag("-v,--verbose", verb.raw.verbose, "Say who was reached, and who ended it and how");
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;

  const auto endpoint = endpoint_of(verb, text);
  if (!endpoint) return explain(endpoint.error());
  if (const auto checked = check(verb, *endpoint); !checked) return explain(checked.error());
  auto session = Session::open();
  if (!session) return explain(session.error());
  if (endpoint->scheme == Scheme::udp) return (*session)->run(talk_over_udp(**session, verb, *endpoint));
  return (*session)->run(talk_over_connection(**session, verb, *endpoint));
}

}  // namespace yam::cli
