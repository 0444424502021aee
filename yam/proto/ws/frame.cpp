#include "yam/proto/ws/frame.hpp"

#include <algorithm>

namespace yam::proto::ws {

namespace {

constexpr std::uint8_t last_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f, mask_bit = 0x80,
                       length_bits = 0x7f;
constexpr std::uint8_t two_byte_length = 126, eight_byte_length = 127;

std::uint8_t number_at(ByteView bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

std::optional<Opcode> opcode_of(std::uint8_t first) {
  const auto opcode = static_cast<Opcode>(first & opcode_bits);
  switch (opcode) {
    case Opcode::continuation:
    case Opcode::text:
    case Opcode::binary:
    case Opcode::close:
    case Opcode::ping:
    case Opcode::pong:
      return opcode;
  }
  return std::nullopt;
}

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t number = 0;
  for (const std::byte each : bytes)
    number = number << 8 | std::to_integer<std::uint64_t>(each);
  return number;
}

void append_big_endian(std::string& out, std::uint64_t number, unsigned bytes) {
  while (bytes-- > 0)
    out += static_cast<char>(number >> (8 * bytes) & 0xff);
}

}  // namespace

Checked<std::optional<ReadFrameHead>> read_frame_head(ByteView unread) {
  if (unread.empty()) return std::nullopt;
  const std::uint8_t first = number_at(unread, 0);
  if ((first & reserved_bits) != 0) return refuse(code::protocol_error, "a reserved bit is set");
  const auto opcode = opcode_of(first);
  if (!opcode) return refuse(code::protocol_error, "an opcode that is not known");
  ReadFrameHead read;
  read.head.opcode = *opcode;
  read.head.is_last = (first & last_bit) != 0;
  if (is_control(*opcode) && !read.head.is_last)
    return refuse(code::protocol_error, "a control frame in fragments");
  if (unread.size() < 2) return std::nullopt;
  const std::uint8_t second = number_at(unread, 1), length = second & length_bits;
  if (is_control(*opcode) && length > control_bytes_max)
    return refuse(code::protocol_error, "a control frame that is too long");
  const bool is_wide = length == eight_byte_length;
  const std::size_t length_bytes = is_wide ? 8 : length == two_byte_length ? 2 : 0;
  read.used = 2 + length_bytes;
  if (unread.size() < read.used) return std::nullopt;
  read.head.payload_bytes = length_bytes == 0 ? length : big_endian(unread.subspan(2, length_bytes));
  if (read.head.payload_bytes >> 63 != 0) return refuse(code::protocol_error, "a length beyond 63 bits");
  const std::uint64_t least = is_wide ? 0x10000 : length_bytes > 0 ? two_byte_length : 0;
  if (read.head.payload_bytes < least)
    return refuse(code::protocol_error, "a length in more bytes than it needs");
  if ((second & mask_bit) != 0) {
    MaskKey key{};
    if (unread.size() < read.used + key.size()) return std::nullopt;
    std::ranges::copy(unread.subspan(read.used, key.size()), key.begin());
    read.head.key = key;
    read.used += key.size();
  }
  return read;
}

void write_frame_head(std::string& out, const FrameHead& head) {
  const std::uint8_t masked = head.key ? mask_bit : 0;
  out += static_cast<char>((head.is_last ? last_bit : 0) | static_cast<std::uint8_t>(head.opcode));
  if (head.payload_bytes < two_byte_length) {
    out += static_cast<char>(masked | head.payload_bytes);
  } else if (head.payload_bytes < 0x10000) {
    out += static_cast<char>(masked | two_byte_length);
    append_big_endian(out, head.payload_bytes, 2);
  } else {
    out += static_cast<char>(masked | eight_byte_length);
    append_big_endian(out, head.payload_bytes, 8);
  }
  if (head.key) out += text_of(*head.key);
}

}  // namespace yam::proto::ws
