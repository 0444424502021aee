// yam connect ENDPOINT: stdin → peer → stdout.

#include "yam/cli/raw/converse.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

constexpr std::string_view examples =
    "Examples:\n"
    "  yam connect localhost:7007                 like nc: type, see the answers, ^D ends\n"
    "  yam connect tls://example.org:443?alpn=http/1.1 -v\n"
    "  yam connect udp://127.0.0.1:9999 --eol none\n"
    "  yam connect unix:/run/app.sock --frame u32 --json\n"
    "  yam connect :7007 --trace < file\n";

net::Task<Result<void>> run(Session& session, RawOptions options, Endpoint endpoint) {
  auto trace = Trace::open(session.loop(), options.trace);
  if (!trace) co_return fail(trace.error());
  net::CallOptions call_options;
  call_options.timeout = options.timeout;
  auto connection = co_await net::call(session.loop(), session.children(), endpoint, call_options);
  if (!connection) {
    if (options.json) std::fputs(json_failed(connection.error()).c_str(), stdout);
    co_return fail(connection.error());
  }
  auto local = open_own_side(session.loop(), options);
  if (!local) co_return fail(local.error());
  const Conversation conversation;
  co_return co_await converse(session, **trace, options, std::move(*connection), **local, conversation);
}

}  // namespace

int run_connect(const Words& given) {
  RawOptions options;
  std::string text;
  Arguments arguments("connect",
                      "Calls ENDPOINT: what comes on stdin goes to the peer, what the peer says to stdout.",
                      examples);
  arguments.word("ENDPOINT", text, true, "tcp, udp, tls, unix, unixgram, exec or file; HOST:PORT is tcp");
  options.declare_ending(arguments);
  options.declare_messages(arguments);
  options.declare_network(arguments, Side::calling);
  options.declare_view(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;

  if (const auto checked = options.check(); !checked) return explain(checked.error());
  const auto endpoint = options.endpoint(text, Side::calling);
  if (!endpoint) return explain(endpoint.error());
  if (endpoint->side == Side::listening)
    return explain({Code::usage, "connect does not wait for anybody", "`yam listen` does"});
  auto session = Session::open();
  if (!session) return explain(session.error());
  return (*session)->run(run(**session, options, *endpoint));
}

}  // namespace yam::cli
