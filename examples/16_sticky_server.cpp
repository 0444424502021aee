// Row 16, receiving: show each message; without a framing, whatever a read brings looks like one.
//   16_sticky_server [ENDPOINT [none|FRAMING]]
#include <yam/net/conversation.hpp>
#include <yam/net/frame_reader.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
Task<Result<void>> show_frames(Loop& loop, Connection client, wire::FrameKind kind) {
  FrameReader frames(*client.stream, kind);
  for (;;) {
    const auto frame = co_await frames.next(after(loop.now(), patience));
    if (!frame) co_return fail(frame.error());
    if (!*frame) co_return Result<void>();
    show(**frame);
  }
}

Task<Result<void>> show_reads(Connection client) {
  for (;;) {
    const auto piece = co_await read_message(*client.stream);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return Result<void>();
    show(*piece);
  }
}

Task<Result<void>> host(Loop& loop, Words words) {
  const std::string framing = words.at(1, "lines");
  const std::string place = words.at(0, "127.0.0.1:9999");
  if (framing == "none") co_return co_await serve_each(loop, place, show_reads);
  const auto kind = wire::parse_frame_kind(framing);
  if (!kind) co_return fail(kind.error());
  const auto converse = [&](Connection client) { return show_frames(loop, std::move(client), *kind); };
  co_return co_await serve_each(loop, place, converse);
}
int main(int count, char** values) {
  return run_program(count, values, host);
}
