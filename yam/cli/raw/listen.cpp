// yam listen ENDPOINT: the waiting side of connect; for one peer, for many, or with a program for each.

#include "yam/base/text.hpp"
#include "yam/cli/raw/converse.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/cli/raw/welcome_one.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"
#include "yam/service/broadcast.hpp"

namespace yam::cli {

namespace {

using net::Task;

constexpr std::uint64_t connections_default = 256;
constexpr std::uint64_t connections_max = 1'000'000;
// Datagram peers never say that they have left: among many, one that is silent for this long has.
constexpr Duration datagram_peer_idle = std::chrono::seconds(60);

constexpr std::string_view examples =
    "A program (--exec, --sh) that fails makes --once end with exit status 8; among many it is named on "
    "stderr.\n"
    "Over udp and unixgram each sender has a program of its own. It reads from a pipe, so that datagrams "
    "which\n"
    "come while it is busy lie there end to end; whatever one read of its output finds goes out as one "
    "datagram.\n"
    "\n"
    "Examples:\n"
    "  yam listen :8080                          one peer, like nc -l\n"
    "  yam listen tls://:4433 --keep > log       many peers; a self-signed identity is made on first use\n"
    "  yam listen :9999 --exec 'cat'             a process for each connection\n"
    "  yam listen :5000 --broadcast              what one peer says all others hear\n"
    "  yam listen udp://:8090 --once -v          one datagram, shown with its sender\n";

struct ListenVerb {
  RawOptions raw;
  bool once = false;
  bool keep = false;
  bool broadcast = false;
  std::string exec;
  std::string sh;
  std::uint64_t max = connections_default;

  bool has_program() const { return !exec.empty() || !sh.empty(); }
};

// The listening side while it runs: takes connections in as long as there is room, and gives each its task.
class Reception {
 public:
  Reception(Session& session, Trace& trace, net::Acceptor& acceptor, ListenVerb verb, bool is_datagram)
      : is_datagram_(is_datagram),
        session_(session),
        trace_(trace),
        acceptor_(acceptor),
        verb_(std::move(verb)),
        line_(session.loop(), verb_.broadcast),
        gone_(session.loop()),
        over_(session.loop()),
        guests_(session.loop()) {}
  ~Reception() {
    if (verb_.raw.verbose && acceptor_.lost() > 0)
      say("lost " + std::to_string(acceptor_.lost()) + " datagrams that found no room");
  }
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  // One peer, then the end; others are refused.
  Task<Result<void>> serve_one() {
    auto connection = co_await welcome_one(session_.loop(), acceptor_, verb_.raw);
    if (!connection) co_return fail(connection.error());
    acceptor_.stop();
    if (verb_.has_program()) co_return co_await run_program(std::move(*connection), 0);
    auto local = open_own_side(session_.loop(), verb_.raw);
    if (!local) co_return fail(local.error());
    Conversation conversation;
    conversation.calling = false;
    conversation.single_message = verb_.once && is_datagram_;
    co_return co_await converse(session_, trace_, verb_.raw, std::move(*connection), **local, conversation);
  }

  // Everybody who comes, until a signal or until our own side fails.
  Task<Result<void>> serve_many() {
    if (is_datagram_ && verb_.raw.idle < Duration::zero()) verb_.raw.idle = datagram_peer_idle;
    std::unique_ptr<net::Stream> local;
    net::Scope own(session_.loop());
    if (!verb_.has_program()) {
      auto opened = open_own_side(session_.loop(), verb_.raw);
      if (!opened) co_return fail(opened.error());
      local = std::move(*opened);
      own.spawn(join_local(*local));
    }
    own.spawn(receive_all());
    co_await over_.wait();
    co_return std::move(outcome_);
  }

 private:
  Task<> receive_all() {
    for (;;) {
      while (guests_.size() >= verb_.max && !is_datagram_) {  // which keeps places by itself
        gone_.reset();
        co_await gone_.wait();
      }
      auto accepted = co_await acceptor_.accept();
      if (!accepted) {
        end(accepted.error());
        co_return;
      }
      guests_.spawn(receive(std::move(*accepted), ++count_));
    }
  }

  void end(Error fault) {
    outcome_ = fail(std::move(fault));
    over_.set();
  }

  Task<> receive(net::Connection accepted, std::uint32_t number) {
    const std::string peer = accepted.peer;
    auto connection = co_await acceptor_.welcome(std::move(accepted), verb_.raw.timeout);
    if (!connection) {
      say(escaped(peer) + ": " + connection.error().what);
    } else if (verb_.has_program()) {
      const auto done = co_await run_program(std::move(*connection), number);
      if (!done) say(done.error().what);
    } else {
      co_await join_peer(std::move(*connection), number);
    }
    gone_.set();
  }

  Task<Result<void>> run_program(net::Connection connection, std::uint32_t number) {
    net::ChildOptions options = program();
    options.environment = {{"YAM_PEER", connection.peer},
                           {"YAM_PEER_ADDRESS", address_in(connection.peer)},
                           {"YAM_PEER_PORT", port_in(connection.peer)},
                           {"YAM_LOCAL", connection.local}};
    auto child = session_.children().start(options);
    if (!child) co_return fail(child.error());
    Conversation conversation;
    conversation.calling = false;
    conversation.number = number;
    conversation.program = child->get();
    conversation.silence_is_an_end = is_datagram_ && !verb_.once;
    co_return co_await converse(session_, trace_, verb_.raw, std::move(connection), (*child)->stream(),
                                conversation);
  }

  net::ChildOptions program() const {
    if (!verb_.sh.empty()) return net::ChildOptions::shell(verb_.sh);
    net::ChildOptions options;
    std::string word;
    for (const char c : verb_.exec + ' ') {
      if (c != ' ') {
        word += c;
      } else if (!word.empty()) {
        options.command.push_back(std::exchange(word, {}));
      }
    }
    return options;
  }

  Task<> join_local(net::Stream& local) {
    const auto outgoing = verb_.raw.outgoing();
    service::Broadcast::Voice voice;
    voice.saying = outgoing.get();
    auto outcome = co_await line_.join(local, true, Duration(-1), voice);
    if (!outcome.fault) co_return;
    outcome.fault->what = "stdin and stdout: " + outcome.fault->what;
    if (outcome.fault->code == Code::network) outcome.fault->code = Code::local;  // our reader has left
    end(std::move(*outcome.fault));
  }

  // Peers hear whole frames of each other, our side hears lines; each peer has framing of its own.
  Task<> join_peer(net::Connection connection, std::uint32_t number) {
    const auto saying = verb_.raw.whole_messages();
    const auto unframing = verb_.raw.incoming(verb_.raw.has_view());
    const auto view = verb_.raw.view(connection.peer);
    service::Broadcast::Voice voice;
    voice.saying = saying.get();
    voice.unframing = unframing.get();
    voice.view = view.get();
    if (verb_.raw.verbose) say("accepted " + words_of(connection));
    if (verb_.raw.json) co_await line_.tell_local(json_connected(connection));
    trace_.follow(connection, false, number);
    const auto outcome = co_await line_.join(*connection.stream, false, verb_.raw.idle, voice);
    service::ExchangeEnd end;
    end.how = service::ExchangeEnd::How::peer_ended;
    end.sent = outcome.sent;
    end.received = outcome.received;
    if (outcome.fault && !is_departure(*outcome.fault)) {
      end.how = service::ExchangeEnd::How::failed;
      end.fault = outcome.fault;
    }
    trace_.end(connection, number, end.words());
    if (verb_.raw.json) co_await line_.tell_local(json_ended(connection.peer, end));
    if (verb_.raw.verbose || end.fault) say(escaped(connection.peer) + ": " + words_of(end));
  }

  // The silence of one datagram peer among many is how it leaves.
  bool is_departure(const Error& fault) const { return is_datagram_ && fault.code == Code::timeout; }

  static std::string address_in(const std::string& peer) {
    const auto place = IpPort::parse(peer);
    return place ? place->address.to_string() : peer;
  }
  static std::string port_in(const std::string& peer) {
    const auto place = IpPort::parse(peer);
    return place ? std::to_string(place->port) : std::string();
  }

  bool is_datagram_;
  Session& session_;
  Trace& trace_;
  net::Acceptor& acceptor_;
  ListenVerb verb_;
  service::Broadcast line_;
  std::uint32_t count_ = 0;
  net::Event gone_;
  net::Event over_;
  Result<void> outcome_;  // of serve_many
  net::Scope guests_;     // last: cancelled before what the guests point at
};

Task<Result<void>> run(Session& session, ListenVerb verb, Endpoint endpoint) {
  auto trace = Trace::open(session.loop(), verb.raw.trace);
  if (!trace) co_return fail(trace.error());
  net::AcceptorOptions acceptor_options;
  auto identity = identity_for(endpoint);
  if (!identity) co_return fail(identity.error());
  acceptor_options.identity = std::move(*identity);
  acceptor_options.places.peers_max = verb.max;
  auto acceptor = co_await net::Acceptor::open(session.loop(), endpoint, acceptor_options);
  if (!acceptor) co_return fail(acceptor.error());
  say("listening on " + (*acceptor)->address());
  const bool is_datagram = endpoint.scheme == Scheme::udp || endpoint.scheme == Scheme::unix_datagram;
  const bool many = verb.keep || verb.broadcast || (verb.has_program() && !verb.once);
  Reception reception(session, **trace, **acceptor, verb, is_datagram);
  if (many) co_return co_await reception.serve_many();
  co_return co_await reception.serve_one();
}

Result<void> check(const ListenVerb& verb) {
  if (verb.once && (verb.keep || verb.broadcast))
    return fail(Code::usage, "--once contradicts --keep and --broadcast");
  if (!verb.exec.empty() && !verb.sh.empty())
    return fail(Code::usage, "--exec and --sh contradict each other");
  if (verb.broadcast && verb.has_program())
    return fail(Code::usage, "--broadcast goes with no program: peers talk to each other");
  if (verb.exec.find_first_not_of(' ') == std::string::npos && !verb.exec.empty())
    return fail(Code::usage, "--exec needs a command");
  const bool shares_our_side = (verb.keep || verb.broadcast) && !verb.has_program();
  if (shares_our_side && !verb.raw.until.empty())
    return fail(Code::usage, "--until ends one conversation, and here there are many", "--idle ends each");
  if (shares_our_side && verb.raw.on_eof != "half-close")
    return fail(Code::usage, "--on-eof is for one conversation: with --keep and --broadcast our side stays");
  return verb.raw.check();
}

}  // namespace

int run_listen(const Words& given) {
  ListenVerb verb;
  std::string text;
  Arguments arguments("listen", "Waits at ENDPOINT, and then is the other side of `yam connect`.", examples);
  arguments.word("ENDPOINT", text, true, "tcp, udp, tls, unix or unixgram; :PORT is tcp on every address");
  arguments.flag("--once", verb.once,
                 "One connection (default without --exec, --keep, --broadcast); one datagram");
  arguments.flag("--keep", verb.keep, "Everybody who comes: stdin goes to all, stdout gets what they say");
  arguments.flag("--broadcast", verb.broadcast, "The same, and peers hear each other");
  arguments.text("--exec", verb.exec, "COMMAND", "Run a program for each connection; words split at spaces");
  arguments.text("--sh", verb.sh, "LINE",
                 "The same through /bin/sh; YAM_PEER, YAM_PEER_ADDRESS, YAM_PEER_PORT "
                 "and YAM_LOCAL say who it is for");
  arguments.number("--max", verb.max, 1, connections_max, "Connections at once (default 256); others wait");
  verb.raw.declare_ending(arguments);
  verb.raw.declare_messages(arguments);
  verb.raw.declare_network(arguments, Side::listening);
  verb.raw.declare_view(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;

  if (const auto checked = check(verb); !checked) return explain(checked.error());
  const auto endpoint = verb.raw.endpoint(text, Side::listening);
  if (!endpoint) return explain(endpoint.error());
  auto session = Session::open();
  if (!session) return explain(session.error());
  return (*session)->run(run(**session, verb, *endpoint));
}

}  // namespace yam::cli
