#pragma once
// Sends a piece of a file behind a head, in as few packets and copies as the stream allows: sendfile where
// the bytes on the descriptor are the stream's, else reads of 256 KiB. Ends nothing.

#include <cstdint>
#include <limits>

#include "yam/net/stream.hpp"

namespace yam::net {

// How slow the peer may be.
struct SendPace {
  SendPace() = default;
  Duration idle = Duration(-1);  // how long nothing may be taken; negative: no limit
  // Besides, on average over the whole, with one `idle` for nothing.
  std::uint64_t bytes_per_second_min = 0;
};

// All of `head`, then `bytes` of `file` from `offset` on; `file` is a regular file and borrowed, `head` too.
// `sent` counts along, the head's bytes as well. Code::local when the file ends before, cannot be read, or
// the stream's fault; Code::timeout when the peer is too slow.
Task<Result<>> send_file(Loop& loop, Stream& to, ByteView head, int file, std::uint64_t offset,
                         std::uint64_t bytes, SendPace pace, std::uint64_t& sent);

}  // namespace yam::net
