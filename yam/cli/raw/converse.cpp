#include "yam/cli/raw/converse.hpp"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/message.hpp"
#include "yam/net/stdio.hpp"

namespace yam::cli {

namespace {

using net::Task;

using How = service::ExchangeEnd::How;

// How a program on either side ended, when its own end was among the reasons why all is over.
Task<Result<void>> exit_of(net::Loop& loop, net::Connection& connection, net::Stream& local,
                           net::Child* program, How how) {
  const bool local_ended = how == How::both_ended || how == How::local_ended;
  if (program != nullptr && local_ended) {
    [[maybe_unused]] const auto told = co_await net::leave(local);  // it may wait for the end of its input
    co_return co_await net::exit_of(loop, *program, "the program for " + escaped(connection.peer));
  }
  if (connection.child && (local_ended || how == How::peer_ended))
    co_return co_await net::exit_of(loop, *connection.child, escaped(connection.peer));
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
  const bool is_for_people = conversation.program == nullptr;
  const auto outgoing = options.outgoing();
  const auto incoming = options.incoming(is_for_people && options.has_view());
  const auto view = is_for_people ? options.view(connection.peer) : nullptr;
  auto rules = options.rules();
  rules.view = view.get();
  rules.ends_with_local = !is_for_people;
  rules.ends_with_peer = is_for_people && ::isatty(STDIN_FILENO) != 0;
  rules.single_message = conversation.single_message;
  rules.silence_is_an_end = conversation.silence_is_an_end;

  if (options.verbose) say((conversation.calling ? "connected to " : "accepted ") + words_of(connection));
  if (options.json)
    if (auto printed = print_event(json_connected(connection)); !printed) co_return printed;
  trace.follow(connection, conversation.calling, conversation.number);
  auto end = co_await service::exchange(session.loop(), local, *connection.stream, rules, outgoing.get(),
                                        incoming.get());
  const bool is_open = end.how != How::failed && end.how != How::both_ended;
  if (is_open) {
    [[maybe_unused]] const auto left = co_await net::leave(*connection.stream);
  }
  Result<void> outcome;
  if (end.fault) {
    outcome = fail(placed(end, connection.peer, !is_for_people));
  } else {
    outcome = co_await exit_of(session.loop(), connection, local, conversation.program, end.how);
    if (!outcome) end.how = How::failed;
    if (!outcome) end.fault = outcome.error();
  }
  trace.end(connection, conversation.number, end.words());
  if (options.verbose) say("ended: " + words_of(end));
  if (options.json && end.fault_at != service::ExchangeEnd::FaultAt::local_out) {
    const auto printed = print_event(json_ended(connection.peer, end));
    if (!printed && outcome) co_return printed;
  }
  co_return outcome;
}

}  // namespace yam::cli
