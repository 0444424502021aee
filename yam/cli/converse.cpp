#include "yam/cli/converse.hpp"

#include <cstdio>
#include <unistd.h>

#include "yam/cli/raw_view.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/stdio.hpp"
#include "yam/net/within.hpp"

namespace yam::cli {

namespace {

using net::Task;

// A connection that is closed while the peer's bytes lie unread is reset, and the reset can overtake our last
// words: so we read on for this long after our end.
constexpr Duration linger = std::chrono::milliseconds(500);
// How long a program may take to end after its output has.
constexpr Duration exit_wait = std::chrono::seconds(2);

Task<> end_politely(net::Loop& loop, net::Stream& stream) {
  const Time deadline = after(loop.now(), linger);
  const auto finished = co_await stream.finish(deadline);
  if (!finished || stream.keeps_messages()) co_return;
  for (;;) {
    const auto count = co_await stream.read(loop.scratch(), deadline);
    if (!count || *count == 0) co_return;
  }
}

Task<Result<void>> exit_of(net::Loop& loop, net::Connection& connection) {
  auto exited = co_await net::within(loop, after(loop.now(), exit_wait), connection.child->exited(),
                                     connection.peer + " closed its output but still runs");
  if (!exited) co_return fail(exited.error());
  if (!exited->ended_well()) co_return fail(Code::local, connection.peer + " ended with " + exited->words());
  co_return Result<void>();
}

void report(const RawOptions& options, const net::Connection& connection, const service::ExchangeEnd& end) {
  if (options.json) std::fputs(json_ended(connection.peer, end).c_str(), stdout);
  if (options.verbose) say("ended: " + words_of(end));
  std::fflush(stdout);
}

}  // namespace

Result<std::unique_ptr<net::Stream>> open_own_side(net::Loop& loop, const RawOptions& options) {
  net::StdioOptions stdio;
  stdio.take = !options.json;  // the last event is printed after the last byte
  return net::open_stdio(loop, stdio);
}

Task<Result<void>> converse(Session& session, Trace& trace, RawOptions options, net::Connection connection,
                            net::Stream& local, Conversation conversation) {
  auto rules = options.rules();
  auto outgoing = options.outgoing();
  auto incoming = options.incoming(connection.peer);
  if (!rules) co_return fail(rules.error());
  if (!outgoing) co_return fail(outgoing.error());
  if (!incoming) co_return fail(incoming.error());
  rules->ends_with_local = conversation.local_is_program;
  rules->ends_with_peer = !conversation.local_is_program && ::isatty(STDIN_FILENO) != 0;
  rules->single_message = conversation.single_message;

  if (options.verbose) say((conversation.calling ? "connected to " : "accepted ") + words_of(connection));
  if (options.json) {
    std::fputs(json_connected(connection).c_str(), stdout);
    std::fflush(stdout);
  }
  trace.follow(connection, conversation.calling, conversation.number);
  const auto end = co_await service::exchange(session.loop(), local, *connection.stream, *rules,
                                              outgoing->get(), incoming->get());
  const bool is_open = !end.fault && end.how != service::ExchangeEnd::How::both_ended;
  if (is_open) co_await end_politely(session.loop(), *connection.stream);
  trace.end(connection, conversation.number, end.words());
  report(options, connection, end);
  if (end.fault) {
    Error fault = *end.fault;
    fault.what = connection.peer + ": " + fault.what;
    co_return fail(std::move(fault));
  }
  if (connection.child) co_return co_await exit_of(session.loop(), connection);
  co_return Result<void>();
}

}  // namespace yam::cli
