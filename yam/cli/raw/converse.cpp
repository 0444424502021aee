#include "yam/cli/raw/converse.hpp"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/loop/within.hpp"
#include "yam/net/stdio.hpp"

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

// Events that find no room on stdout are a failure of ours, after which nobody has to be told how it ended.
Result<void> print_event(const std::string& line) {
  if (std::fputs(line.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    return fail(Code::local, fail_os("stdout: cannot write", errno).error().what);
  return {};
}

// A fault with the words of where it happened.
Error placed(const service::ExchangeEnd& end, const std::string& peer, bool local_is_program) {
  using At = service::ExchangeEnd::FaultAt;
  Error fault = *end.fault;
  std::string where = escaped(peer);
  if (end.fault_at != At::peer && local_is_program) where = "the program for " + where;
  if (end.fault_at != At::peer && !local_is_program)
    where = end.fault_at == At::local_in ? "stdin" : "stdout";
  fault.what = where + ": " + fault.what;
  const bool is_ours = end.fault_at != At::peer;
  if (is_ours && fault.code == Code::network) fault.code = Code::local;  // who reads our stdout has left
  return fault;
}

}  // namespace

Result<std::unique_ptr<net::Stream>> open_own_side(net::Loop& loop, const RawOptions& options) {
  net::StdioOptions stdio;
  stdio.take = !options.json;  // the last event is printed after the last byte
  return net::open_stdio(loop, stdio);
}

Task<Result<void>> converse(Session& session, Trace& trace, RawOptions options, net::Connection connection,
                            net::Stream& local, Conversation conversation) {
  const bool is_for_people = !conversation.local_is_program;
  const auto outgoing = options.outgoing();
  const auto incoming = options.incoming(is_for_people && options.has_view());
  const auto view = is_for_people ? options.view(connection.peer) : nullptr;
  auto rules = options.rules();
  rules.view = view.get();
  rules.ends_with_local = conversation.local_is_program;
  rules.ends_with_peer = is_for_people && ::isatty(STDIN_FILENO) != 0;
  rules.single_message = conversation.single_message;

  if (options.verbose) say((conversation.calling ? "connected to " : "accepted ") + words_of(connection));
  if (options.json)
    if (auto printed = print_event(json_connected(connection)); !printed) co_return printed;
  trace.follow(connection, conversation.calling, conversation.number);
  const auto end = co_await service::exchange(session.loop(), local, *connection.stream, rules,
                                              outgoing.get(), incoming.get());
  using How = service::ExchangeEnd::How;
  const bool is_open = end.how != How::failed && end.how != How::both_ended;
  if (is_open) co_await end_politely(session.loop(), *connection.stream);
  trace.end(connection, conversation.number, end.words());
  if (options.verbose) say("ended: " + words_of(end));
  if (end.fault) {
    if (options.json && end.fault_at != service::ExchangeEnd::FaultAt::local_out) {
      [[maybe_unused]] const auto printed = print_event(json_ended(connection.peer, end));
    }
    co_return fail(placed(end, connection.peer, conversation.local_is_program));
  }
  if (options.json)
    if (auto printed = print_event(json_ended(connection.peer, end)); !printed) co_return printed;
  if (connection.child) co_return co_await exit_of(session.loop(), connection);
  co_return Result<void>();
}

}  // namespace yam::cli
