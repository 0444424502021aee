#pragma once
// Appends a packet to a buffer, field by field, up to a limit. A field that does not fit (or a C string with
// a NUL inside) is refused, and so is every field after it: write them all, then ask once with whole(). It
// borrows `out`.
//
//   Bytes packet;
//   Writer writer(packet, datagram_bytes_max);
//   if (!writer.u16(opcode_read).c_string(name).c_string("octet").whole()) return fail(Code::usage, …);

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "yam/wire/order.hpp"

namespace yam::wire {

class Writer {
 public:
  // At most `bytes_max` bytes are appended to what `out` already holds.
  Writer(Bytes& out, std::size_t bytes_max) : out_(out), room_(bytes_max) {}

  // Network order; the _le forms are little-endian. u24 refuses a value above 0xffffff.
  Writer& u8(std::uint8_t value) { return number(value, 1, Order::network); }
  Writer& u16(std::uint16_t value) { return number(value, 2, Order::network); }
  Writer& u24(std::uint32_t value) { return value >> 24 ? refuse() : number(value, 3, Order::network); }
  Writer& u32(std::uint32_t value) { return number(value, 4, Order::network); }
  Writer& u64(std::uint64_t value) { return number(value, 8, Order::network); }
  Writer& u16_le(std::uint16_t value) { return number(value, 2, Order::little); }
  Writer& u24_le(std::uint32_t value) { return value >> 24 ? refuse() : number(value, 3, Order::little); }
  Writer& u32_le(std::uint32_t value) { return number(value, 4, Order::little); }
  Writer& u64_le(std::uint64_t value) { return number(value, 8, Order::little); }

  Writer& bytes(ByteView field) {
    if (!take(field.size())) return *this;
    out_.insert(out_.end(), field.begin(), field.end());
    return *this;
  }

  // The text and a NUL after it.
  Writer& c_string(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return refuse();
    if (text.size() >= room_) return refuse();
    return bytes(bytes_of(text)).u8(0);
  }

  // True while every field has been written in full.
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  Writer& number(std::uint64_t value, std::size_t width, Order order) {
    if (!take(width)) return *this;
    out_.resize(out_.size() + width);
    store(ByteSpan(out_).last(width), value, order);
    return *this;
  }

  bool take(std::size_t count) {
    if (!whole_ || count > room_) whole_ = false;
    if (whole_) room_ -= count;
    return whole_;
  }

  Writer& refuse() {
    whole_ = false;
    return *this;
  }

  Bytes& out_;
  std::size_t room_;
  bool whole_ = true;
};

}  // namespace yam::wire
