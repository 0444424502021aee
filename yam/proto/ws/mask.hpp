#pragma once
// What a client does to all that it sends (RFC 6455 §5.3), so that no proxy on the way takes it for HTTP; the
// same again undoes it.

#include <array>
#include <cstddef>
#include <cstdint>

#include "yam/base/bytes.hpp"

namespace yam::proto::ws {

using MaskKey = std::array<std::byte, 4>;

// In place, eight bytes at a time; `offset` is where in its frame's payload `bytes` begins.
void mask(ByteSpan bytes, const MaskKey& key, std::uint64_t offset);

}  // namespace yam::proto::ws
