// The framers on hostile bytes. The first byte chooses the kind, the second the limit, the third the chunk
// size; the rest is the stream. However it is cut, the messages and the fault are the same; and what came out
// can go back in.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "yam/wire/unframer.hpp"

namespace {

using namespace yam;
using namespace yam::wire;

constexpr std::array<std::string_view, 16> kinds = {
    "lines", "crlf",    "delimiter:\\x00", "delimiter:aab", "u8",       "u16",        "u16le",  "u32",
    "u32le", "u8+self", "u16+self",        "u16le+self",    "u32+self", "u32le+self", "varint", "netstring"};

struct Heard {
  std::vector<Bytes> messages;
  std::string fault;
  bool operator==(const Heard&) const = default;
};

void require(bool holds) {
  if (!holds) std::abort();
}

Heard hear(const FrameKind& kind, std::size_t frame_bytes_max, ByteView stream, std::size_t chunk_bytes) {
  Heard heard;
  Unframer unframer(kind, frame_bytes_max);
  const auto drain = [&](const Result<void>& taken) {
    while (const auto message = unframer.poll_frame())
      heard.messages.push_back(copy_of(*message));
    if (!taken) heard.fault = taken.error().what;
    require(taken ? unframer.buffered() <= frame_bytes_max + 64 : unframer.buffered() == 0);
    return taken.has_value();
  };
  for (std::size_t at = 0; at < stream.size(); at += chunk_bytes) {
    const ByteView chunk = stream.subspan(at, std::min(chunk_bytes, stream.size() - at));
    if (!drain(unframer.handle_bytes(chunk))) return heard;
  }
  drain(unframer.handle_end());
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const FrameKind kind = parse_frame_kind(kinds[data[0] % kinds.size()]).value();
  const std::size_t frame_bytes_max = data[1];
  const std::size_t chunk_bytes = 1 + data[2] % 32;
  const ByteView stream = std::as_bytes(std::span(data, size)).subspan(3);

  const Heard whole = hear(kind, frame_bytes_max, stream, std::max<std::size_t>(stream.size(), 1));
  require(hear(kind, frame_bytes_max, stream, chunk_bytes) == whole);
  require(hear(kind, frame_bytes_max, stream, 1) == whole);

  Bytes again;
  for (const Bytes& message : whole.messages) {
    const Result<void> framed = frame_onto(again, kind, message, frame_bytes_max);
    // A line that came with CRCRLF keeps a CR, which a bare LF cannot carry.
    if (!framed) require(kind == FrameKind(Lines{}) && message.back() == std::byte{'\r'});
    if (!framed) return 0;
  }
  const Heard back = hear(kind, frame_bytes_max, again, chunk_bytes);
  require(back.messages == whole.messages && back.fault.empty());
  // All but lines have one way to write each message.
  if (!std::holds_alternative<Lines>(kind)) require(std::ranges::equal(again, stream.first(again.size())));
  return 0;
}
