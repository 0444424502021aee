#include "yam/proto/ws/mask.hpp"

#include <cstring>

namespace yam::proto::ws {

void mask(ByteSpan bytes, const MaskKey& key, std::uint64_t offset) {
  std::array<std::byte, sizeof(std::uint64_t)> turned;  // so that it begins with the key's byte for `offset`
  for (std::size_t i = 0; i < turned.size(); ++i)
    turned[i] = key[(offset + i) % key.size()];
  std::uint64_t wide = 0;
  std::memcpy(&wide, turned.data(), sizeof wide);
  std::size_t at = 0;
  for (; bytes.size() - at >= sizeof wide; at += sizeof wide) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data() + at, sizeof eight);
    eight ^= wide;
    std::memcpy(bytes.data() + at, &eight, sizeof eight);
  }
  for (; at < bytes.size(); ++at)
    bytes[at] ^= turned[at % turned.size()];
}

}  // namespace yam::proto::ws
