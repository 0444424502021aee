#include "yam/service/pipe/pipe.hpp"

#include <utility>

#include "yam/net/first_welcome.hpp"
#include "yam/service/pipe/pipe_file.hpp"

namespace yam::service {

namespace {

using net::Acceptor;
using net::Connection;
using net::Task;

bool is_datagram(const Endpoint& endpoint) {
  return endpoint.scheme == Scheme::udp || endpoint.scheme == Scheme::unix_datagram;
}
bool listens(const Endpoint& endpoint) {
  return endpoint.side == Side::listening;
}

bool appends(const Endpoint& endpoint) {
  return endpoint.scheme == Scheme::file && endpoint.option("append").value_or("no") == "yes";
}
// A file on the left is read; one on the right is written.
bool fills_file(const PipeOptions& options) {
  return options.right.scheme == Scheme::file && !appends(options.right);
}

std::unexpected<Error> name_peer(const std::string& peer, Error fault) {
  fault.what = peer + ": " + fault.what;
  return fail(std::move(fault));
}

class Pipe {
 public:
  Pipe(net::Loop& loop, net::Children& children, PipeOptions options, PipeObserver& observer,
       PipeTotals& totals)
      : loop_(loop),
        children_(children),
        options_(std::move(options)),
        observer_(observer),
        totals_(totals),
        news_(loop),
        pairs_(loop) {}

  Task<Result<void>> run() {
    auto left = co_await open(options_.left);
    if (!left) co_return fail(left.error());
    left_ = std::move(*left);
    auto right = co_await open(options_.right);
    if (!right) co_return fail(right.error());
    right_ = std::move(*right);
    if (!left_ && !right_) co_return co_await run_called();
    if (options_.is_single()) co_return co_await run_once();
    co_return co_await run_many();
  }

 private:
  // Null for a side that is called.
  Task<Result<std::unique_ptr<Acceptor>>> open(Endpoint endpoint) {
    if (!listens(endpoint)) co_return nullptr;
    net::AcceptorOptions acceptor_options;
    acceptor_options.identity = options_.identity;
    auto acceptor = co_await Acceptor::open(loop_, endpoint, acceptor_options);
    if (acceptor) observer_.listening((*acceptor)->address());
    co_return acceptor;
  }

  Task<Result<void>> run_called() {
    PipeConnections pair;
    auto file = co_await make(pair);
    if (!file) co_return fail(file.error());
    co_return co_await converse(std::move(pair), std::move(*file));
  }

  // One that fails in its handshake was not the one we wait for; a refused other side is the end.
  Task<Result<void>> run_once() {
    PipeConnections pair;
    const auto refused = [this](const std::string& peer, const Error& fault) { refuse(peer, fault); };
    if (left_) {
      auto first = co_await net::welcome_first(loop_, *left_, options_.timeout, refused);
      if (!first) co_return fail(first.error());
      pair.left = std::move(first->connection);
    }
    if (right_) {
      auto first = co_await net::welcome_first(loop_, *right_, options_.timeout, refused);
      if (!first) co_return fail(first.error());
      pair.right = std::move(first->connection);
    }
    auto file = co_await make(pair);
    if (!file) co_return fail(file.error());
    co_return co_await converse(std::move(pair), std::move(*file));
  }

  Task<Result<void>> run_many() {
    for (;;) {
      while (pairs_.size() >= options_.connections_max) {
        news_.reset();
        co_await news_.wait();
      }
      PipeConnections pair;
      const auto accepted = co_await accept(pair);
      if (!accepted) co_return accepted;
      pairs_.spawn(serve(std::move(pair)));
    }
  }

  Task<> serve(PipeConnections pair) {
    const std::string peer = peer_of(pair);
    const auto welcomed = co_await welcome(pair);
    Result<std::unique_ptr<PipeFile>> ready;
    if (welcomed) {
      ready = co_await make(pair);
    } else {
      ready = fail(welcomed.error());
    }
    if (ready) {
      // How it ended has been observed.
      [[maybe_unused]] const auto ended = co_await converse(std::move(pair), std::move(*ready));
    } else {
      // A reset, so that nobody takes it for the good end of an empty conversation.
      for (const Connection* side : {&pair.left, &pair.right}) {
        if (side->stream) side->stream->abort();
      }
      refuse(peer, ready.error());
    }
    news_.set();
  }

  // Whoever comes next to each side that listens.
  Task<Result<void>> accept(PipeConnections& pair) {
    if (left_) {
      auto accepted = co_await left_->accept();
      if (!accepted) co_return fail(accepted.error());
      pair.left = std::move(*accepted);
    }
    if (right_) {
      auto accepted = co_await right_->accept();
      if (!accepted) co_return fail(accepted.error());
      pair.right = std::move(*accepted);
    }
    co_return Result<void>();
  }

  Task<Result<void>> welcome(PipeConnections& pair) {
    if (left_) {
      auto welcomed = co_await left_->welcome(std::move(pair.left), options_.timeout);
      if (!welcomed) co_return fail(welcomed.error());
      pair.left = std::move(*welcomed);
    }
    if (right_) {
      auto welcomed = co_await right_->welcome(std::move(pair.right), options_.timeout);
      if (!welcomed) co_return fail(welcomed.error());
      pair.right = std::move(*welcomed);
    }
    co_return Result<void>();
  }

  // Calls what has to be called; gives the file that is to be filled, if there is one.
  Task<Result<std::unique_ptr<PipeFile>>> make(PipeConnections& pair) {
    net::CallOptions call_options;
    call_options.timeout = options_.timeout;
    if (!left_) {
      auto called = co_await net::call(loop_, children_, options_.left, call_options);
      if (!called) co_return fail(called.error());
      pair.left = std::move(*called);
    }
    if (fills_file(options_)) {
      auto file = PipeFile::open(loop_, options_.right);
      if (!file) co_return fail(file.error());
      pair.right.peer = options_.right.to_string();
      pair.right.stream = (*file)->take_stream();
      co_return std::move(*file);
    }
    if (!right_) {
      auto called = co_await net::call(loop_, children_, options_.right, call_options);
      if (!called) co_return fail(called.error());
      pair.right = std::move(*called);
    }
    co_return nullptr;
  }

  Task<Result<void>> converse(PipeConnections pair, std::unique_ptr<PipeFile> file) {
    pair.number = static_cast<std::uint32_t>(++totals_.connections);
    observer_.joined(pair);
    const PipeSide left = side_of(options_.left, pair.left);
    PipeSide right = side_of(options_.right, pair.right);
    right.is_mute = right.is_mute || fills_file(options_);
    PipeRules rules = rules_for_pair(pair.number);
    auto end = co_await join(loop_, left, right, std::move(rules), totals_.traffic);
    for (const Connection* side : {&pair.left, &pair.right}) {
      if (end.fault || !side->child) continue;
      const auto exited = co_await net::exit_of(loop_, *side->child, side->peer);
      if (!exited) end.fault = exited.error();
    }
    if (file && !end.fault) {
      const auto appeared = co_await file->appear();
      if (!appeared) end.fault = appeared.error();
    } else if (file) {
      const std::string part = file->give_up();
      if (!part.empty()) end.fault->what += "; what came is in " + part;
    }
    if (end.fault) ++totals_.failures;
    observer_.ended(pair, end);
    if (end.fault) co_return name_peer(pair.left.peer + " and " + pair.right.peer, *end.fault);
    co_return Result<void>();
  }

  void refuse(const std::string& peer, const Error& fault) {
    ++totals_.failures;
    observer_.failed(peer, fault);
  }

  std::string peer_of(const PipeConnections& pair) const { return left_ ? pair.left.peer : pair.right.peer; }

  static PipeSide side_of(const Endpoint& endpoint, const Connection& connection) {
    PipeSide side(*connection.stream);
    side.is_program = endpoint.scheme == Scheme::exec;
    side.is_mute = appends(endpoint);
    return side;
  }

  PipeRules rules_for_pair(std::uint32_t number) const {
    PipeRules rules;
    rules.ending = options_.ending;
    rules.impairment = options_.impairment;
    rules.number = number;
    const bool datagrams_come = (listens(options_.left) && is_datagram(options_.left)) ||
                                (listens(options_.right) && is_datagram(options_.right));
    if (datagrams_come) {
      rules.ending.silence_is_an_end = true;
      if (rules.ending.idle < Duration::zero()) rules.ending.idle = datagram_idle_default;
    }
    return rules;
  }

  net::Loop& loop_;
  net::Children& children_;
  PipeOptions options_;
  PipeObserver& observer_;
  PipeTotals& totals_;
  std::unique_ptr<Acceptor> left_;
  std::unique_ptr<Acceptor> right_;
  net::Event news_;
  net::Scope pairs_;  // last: cancelled before what the pairs point at
};

Result<void> check_impairment(const PipeOptions& options) {
  const ImpairmentPlan& plan = *options.impairment;
  const bool any_datagrams = is_datagram(options.left) || is_datagram(options.right);
  const bool any_streams = !is_datagram(options.left) || !is_datagram(options.right);
  if (plan.only_for_datagrams() && !any_datagrams)
    return fail(Code::usage, "loss, copy and reorder are for datagrams: a stream repairs them unseen",
                "with streams go delay, rate, flip, cut and reset");
  if (plan.reset && !any_streams)
    return fail(Code::usage, "reset is for streams: datagrams have no connection to reset",
                "with datagrams go loss, delay, copy, reorder, rate, flip and cut");
  return {};
}

}  // namespace

Result<void> check(const PipeOptions& options) {
  for (const Endpoint* endpoint : {&options.left, &options.right}) {
    if (endpoint->scheme == Scheme::ws || endpoint->scheme == Scheme::wss)
      return fail(Code::usage, "pipe does not speak WebSocket: " + endpoint->to_string(),
                  "use tcp:// or tls://");
  }
  if (options.left.scheme == Scheme::stdio && options.right.scheme == Scheme::stdio)
    return fail(Code::usage, "stdin and stdout cannot be both sides",
                "one of the two has to be somebody else");
  if (options.impairment) return check_impairment(options);
  return {};
}

Task<Result<void>> pipe(net::Loop& loop, net::Children& children, PipeOptions options, PipeObserver& observer,
                        PipeTotals& totals) {
  Pipe run(loop, children, std::move(options), observer, totals);
  co_return co_await run.run();
}

}  // namespace yam::service
