#pragma once
// Messages into frames, and the first frame out of bytes, for every FrameKind: pure functions that keep
// nothing. A stream, which arrives in pieces, is read with Unframer. What a framing cannot carry is refused,
// never altered: each message that goes out through frame_onto comes back the same through front_frame.

#include <cstddef>
#include <optional>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/wire/frame_kind.hpp"

namespace yam::wire {

// Limits count the bytes of the message, not those of the framing around it.
inline constexpr std::size_t frame_bytes_default = std::size_t{1} << 20;

// Appends `message` as one frame. Code::usage, and `out` as it was, when the kind cannot carry it: over the
// limit or over what the prefix can count; a line with an LF in it, or (written with a bare LF) with a CR at
// its end; bytes in which, with the delimiter behind them, the delimiter is met early.
Result<void> frame_onto(Bytes& out, const FrameKind& kind, ByteView message,
                        std::size_t frame_bytes_max = frame_bytes_default);

// Where the message lies in a frame of `frame_bytes` bytes.
struct FrontFrame {
  std::size_t message_at = 0;
  std::size_t message_bytes = 0;
  std::size_t frame_bytes = 0;
};

// The frame that `bytes` begin with, or nothing when its end is not there yet. Code::protocol when no further
// bytes could make it right: over the limit, a length smaller than the prefix that it counts, a varint longer
// than need be or over 64 bits, a netstring with a leading zero or without its comma. The answer does not
// depend on what follows the frame. `searched` bytes are known from an earlier call to hold no line end or
// delimiter.
Result<std::optional<FrontFrame>> front_frame(const FrameKind& kind, ByteView bytes,
                                              std::size_t frame_bytes_max, std::size_t searched = 0);

}  // namespace yam::wire
