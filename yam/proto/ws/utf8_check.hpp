#pragma once
// Whether bytes that come in pieces are UTF-8 (RFC 3629), known at the first byte that cannot be.

#include <cstdint>

#include "yam/base/bytes.hpp"

namespace yam::proto::ws {

class Utf8Check {
 public:
  // False from the first wrong byte on.
  bool add(ByteView bytes);
  // Whether what has come ends where a character does.
  bool is_whole() const { return left_ == 0; }

 private:
  bool add_byte(std::uint8_t byte);

  unsigned left_ = 0;                            // bytes that the character still needs
  std::uint8_t least_ = 0x80, greatest_ = 0xbf;  // of the next one
};

}  // namespace yam::proto::ws
