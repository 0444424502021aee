#include "yam/proto/ws/utf8_check.hpp"

#include <cstring>

namespace yam::proto::ws {

bool Utf8Check::add(ByteView bytes) {
  constexpr std::uint64_t beyond_ascii = 0x8080'8080'8080'8080;
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t eight = 0;
    if (left_ == 0 && bytes.size() - at >= sizeof eight) {
      std::memcpy(&eight, bytes.data() + at, sizeof eight);
      if ((eight & beyond_ascii) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    if (!add_byte(std::to_integer<std::uint8_t>(bytes[at++]))) return false;
  }
  return true;
}

bool Utf8Check::add_byte(std::uint8_t byte) {
  if (left_ > 0) {
    if (byte < least_ || byte > greatest_) return false;
    least_ = 0x80;
    greatest_ = 0xbf;
    --left_;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xc2 || byte > 0xf4) return false;  // a continuation, overlong, or beyond U+10FFFF
  left_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if (byte == 0xe0) least_ = 0xa0;     // else overlong
  if (byte == 0xed) greatest_ = 0x9f;  // else a surrogate
  if (byte == 0xf0) least_ = 0x90;     // else overlong
  if (byte == 0xf4) greatest_ = 0x8f;  // else beyond U+10FFFF
  return true;
}

}  // namespace yam::proto::ws
