#include <algorithm>
#include <cctype>

#include <fmt/core.h>

#include "yam/base/text.hpp"

namespace yam {

namespace {

constexpr std::size_t row_bytes = 16;

std::unexpected<Error> bad_hex(std::size_t index, std::string_view why) {
  return fail(Code::usage, fmt::format("bad hex at column {}: {}", index + 1, why),
              "write two digits a byte: 48 65 6c or 48656c");
}

}  // namespace

std::string hex(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() * 3);
  for (const std::byte byte : bytes) {
    if (!out.empty()) out += ' ';
    out += hex_digits[std::to_integer<unsigned>(byte) >> 4];
    out += hex_digits[std::to_integer<unsigned>(byte) & 15];
  }
  return out;
}

std::string joined_hex(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    out += hex_digits[std::to_integer<unsigned>(byte) >> 4];
    out += hex_digits[std::to_integer<unsigned>(byte) & 15];
  }
  return out;
}

Result<Bytes> parse_hex(std::string_view text) {
  Bytes bytes;
  bytes.reserve((text.size() + 1) / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    if (text[i] == ' ' && i > 0) ++i;
    for (std::size_t k = i; k < i + 2; ++k) {
      if (k == text.size()) return bad_hex(k, "a digit is missing");
      if (hex_value(text[k]) < 0) return bad_hex(k, quoted(text.substr(k, 1)) + " is no hex digit");
    }
    bytes.push_back(static_cast<std::byte>(hex_value(text[i]) << 4 | hex_value(text[i + 1])));
  }
  return bytes;
}

std::string hexdump(ByteView bytes, std::uint64_t offset) {
  std::string out;
  for (std::size_t start = 0; start < bytes.size(); start += row_bytes) {
    const ByteView row = bytes.subspan(start, std::min(row_bytes, bytes.size() - start));
    const ByteView left = row.first(std::min<std::size_t>(8, row.size()));
    std::string ascii;
    for (const std::byte byte : row) {
      const auto raw = std::to_integer<char>(byte);
      ascii += raw >= 0x20 && raw < 0x7f ? raw : '.';
    }
    const std::string right = hex(row.subspan(left.size()));
    out += fmt::format("{:08x}  {:<23}  {:<23}  |{}|\n", offset + start, hex(left), right, ascii);
  }
  return out;
}

}  // namespace yam
