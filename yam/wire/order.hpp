#pragma once
// Unsigned numbers of 1 to 8 bytes as they lie on the wire. These two functions are the only place where yam
// shifts bytes into numbers; Reader, Writer and the framers stand on them. They check nothing: the span is
// the width.

#include <cstddef>
#include <cstdint>

#include "yam/base/bytes.hpp"

namespace yam::wire {

enum class Order : std::uint8_t { network, little };

// The number in all of `bytes` (1 to 8 of them).
constexpr std::uint64_t load(ByteView bytes, Order order) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t at = order == Order::network ? i : bytes.size() - 1 - i;
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[at]);
  }
  return value;
}

// Fills all of `bytes` with the low bytes of `value`.
constexpr void store(ByteSpan bytes, std::uint64_t value, Order order) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t at = order == Order::network ? bytes.size() - 1 - i : i;
    bytes[at] = static_cast<std::byte>(value & 0xff);
    value >>= 8;
  }
}

}  // namespace yam::wire
