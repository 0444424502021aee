// What a converter makes of bytes does not depend on where they were cut, and lines that went through frames
// come back the same. The first byte chooses the framing, the second where to cut.

#include "yam/wire/converter.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace yam;

constexpr std::array kinds = {"lines",      "crlf", "delimiter:\\0", "u8",
                              "u16le+self", "u32",  "varint",        "netstring"};
constexpr std::size_t frame_bytes_max = 300;

struct Made {
  Bytes bytes;
  std::size_t pieces = 0;
  std::string fault;
  bool operator==(const Made&) const = default;
};

Made convert(wire::Converter& converter, ByteView input, std::size_t piece_bytes) {
  Made made;
  wire::Pieces out;
  Result<void> done;
  while (done && !input.empty()) {
    const ByteView piece = input.first(std::min(piece_bytes, input.size()));
    input = input.subspan(piece.size());
    done = converter.handle_piece(piece, out);
  }
  if (done) done = converter.handle_end(out);
  made.bytes = copy_of(out.all());
  made.pieces = out.count();
  if (!done) made.fault = done.error().what;
  return made;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto kind = wire::parse_frame_kind(kinds[data[0] % kinds.size()]).value();
  const std::size_t cut = 1 + data[1] % 7;
  const ByteView input = std::as_bytes(std::span(data + 2, size - 2));
  const auto same = [&](auto make) {
    const auto whole = make(kind, frame_bytes_max);
    const auto pieced = make(kind, frame_bytes_max);
    require(convert(*whole, input, input.size() + 1) == convert(*pieced, input, cut));
  };
  same(wire::frames_to_lines);
  same(wire::frames_apart);
  same(wire::frames_whole);
  same(wire::lines_to_frames);

  const auto framing = wire::lines_to_frames(kind, frame_bytes_max);
  const Made framed = convert(*framing, input, cut);
  const auto apart = wire::frames_apart(kind, frame_bytes_max);
  const Made back = convert(*apart, framed.bytes, cut);
  require(back.pieces == framed.pieces && back.fault.empty());
  return 0;
}
