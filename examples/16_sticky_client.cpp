// Row 16, sending: many small messages, back to back. Without a framing they stick together on the way; with
// one (lines, crlf, u16, varint, netstring, delimiter:END, …) each arrives whole.
//   16_sticky_client ENDPOINT none|FRAMING MESSAGE…
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/wire/frame.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> send(Loop& loop, Words words) {
  const std::string framing = words.at(1, "lines");
  const auto kind = wire::parse_frame_kind(framing == "none" ? "lines" : framing);
  if (!kind) co_return fail(kind.error());
  auto server = co_await call(loop, words.at(0, "127.0.0.1:9999"));
  if (!server) co_return fail(server.error());
  for (const std::string& message : words.from(2)) {
    Bytes frame;
    const auto framed = wire::frame_onto(frame, *kind, bytes_of(message));
    if (!framed) co_return fail(framed.error());
    const std::string sent = framing == "none" ? message : string_of(frame);
    const auto said = co_await say(*server->stream, sent);
    if (!said) co_return fail(said.error());
  }
  co_return co_await leave(*server->stream);
}

int main(int count, char** values) {
  return run_program(count, values, send);
}
