#pragma once
// A cursor over received bytes. Each read gives the value and moves on, or gives nothing and stays where it
// was: a short packet is an absent value, never a read past its end. It borrows the bytes, and so do the
// views it gives.
//
//   Reader packet(datagram);
//   const auto opcode = packet.u16();
//   const auto name = packet.c_string(255);
//   if (!opcode || !name || !packet.at_end()) return fail(Code::protocol, …);

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "yam/wire/order.hpp"

namespace yam::wire {

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  // Network order; the _le forms are little-endian.
  std::optional<std::uint8_t> u8() { return number<std::uint8_t>(1, Order::network); }
  std::optional<std::uint16_t> u16() { return number<std::uint16_t>(2, Order::network); }
  std::optional<std::uint32_t> u24() { return number<std::uint32_t>(3, Order::network); }
  std::optional<std::uint32_t> u32() { return number<std::uint32_t>(4, Order::network); }
  std::optional<std::uint64_t> u64() { return number<std::uint64_t>(8, Order::network); }
  std::optional<std::uint16_t> u16_le() { return number<std::uint16_t>(2, Order::little); }
  std::optional<std::uint32_t> u24_le() { return number<std::uint32_t>(3, Order::little); }
  std::optional<std::uint32_t> u32_le() { return number<std::uint32_t>(4, Order::little); }
  std::optional<std::uint64_t> u64_le() { return number<std::uint64_t>(8, Order::little); }

  std::optional<ByteView> bytes(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  // The text before the next NUL, which is passed over. Absent when there is no NUL, or when the text before
  // it is longer than `bytes_max`.
  std::optional<std::string_view> c_string(std::size_t bytes_max) {
    const std::string_view text = text_of(rest_);
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos || end > bytes_max) return std::nullopt;
    rest_ = rest_.subspan(end + 1);
    return text.substr(0, end);
  }

  // What has not been read; reading it all is bytes(left()).
  ByteView rest() const { return rest_; }
  std::size_t left() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }

 private:
  template <class Number>
  std::optional<Number> number(std::size_t width, Order order) {
    const std::optional<ByteView> taken = bytes(width);
    if (!taken) return std::nullopt;
    return static_cast<Number>(load(*taken, order));
  }

  ByteView rest_;
};

}  // namespace yam::wire
