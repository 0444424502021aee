#include "yam/proto/ws/mask.hpp"

#include <gtest/gtest.h>

namespace yam::proto::ws {

namespace {

// Byte by byte, as §5.3 has it; every offset and length around the steps of eight.
TEST(WsMask, IsTheSameInSteps) {
  constexpr MaskKey key{std::byte{1}, std::byte{2}, std::byte{4}, std::byte{8}};
  for (std::size_t offset = 0; offset < 20; ++offset)
    for (std::size_t length = 0; length < 40; ++length) {
      Bytes bytes(length), expected(length);
      for (std::size_t i = 0; i < length; ++i) {
        bytes[i] = static_cast<std::byte>(7 * i);
        expected[i] = bytes[i] ^ key[(offset + i) % 4];
      }
      const Bytes before = bytes;
      mask(bytes, key, offset);
      EXPECT_EQ(bytes, expected) << offset << ' ' << length;
      mask(bytes, key, offset);
      EXPECT_EQ(bytes, before) << offset << ' ' << length;
    }
}

}  // namespace

}  // namespace yam::proto::ws
