#pragma once
// The head of a frame (RFC 6455 §5.2), read and written. What may follow what, and what it means, is the
// conversation's business.

#include <cstdint>
#include <optional>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/proto/ws/mask.hpp"
#include "yam/proto/ws/ws.hpp"

namespace yam::proto::ws {

struct FrameHead {
  bool is_last = true;  // FIN
  Opcode opcode = Opcode::binary;
  std::optional<MaskKey> key;
  std::uint64_t payload_bytes = 0;

  bool operator==(const FrameHead&) const = default;
};

struct ReadFrameHead {
  FrameHead head;
  std::size_t used = 0;  // bytes
};

// Absent until all of it is there, at most frame_head_bytes_max. Refused with 1002 as soon as it shows: a
// reserved bit or opcode, a control frame that is long or a fragment, a length in more bytes than it needs or
// beyond 63 bits.
Checked<std::optional<ReadFrameHead>> read_frame_head(ByteView unread);

void write_frame_head(std::string& out, const FrameHead& head);

}  // namespace yam::proto::ws
