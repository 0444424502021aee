#include "yam/wire/escape.hpp"

#include <charconv>
#include <cstdint>

namespace yam::wire {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// The byte that follows a backslash at text[at], which is moved behind what was read.
Result<std::byte> escape_at(std::string_view text, std::size_t& at) {
  const std::size_t backslash = at++;
  const auto bad = [&](std::string_view why) {
    return fail(Code::usage,
                "bad escape at column " + std::to_string(backslash + 1) + ": " + std::string(why),
                R"(escapes are \n, \r, \t, \0, \\ and \xNN)");
  };
  if (at == text.size()) return bad("nothing follows the backslash");
  const char letter = text[at++];
  switch (letter) {
    case 'n':
      return std::byte{'\n'};
    case 'r':
      return std::byte{'\r'};
    case 't':
      return std::byte{'\t'};
    case '0':
      return std::byte{0};
    case '\\':
      return std::byte{'\\'};
    case 'x':
      break;
    default:
      return bad("unknown escape \\" + escape_bytes(bytes_of({&letter, 1})));
  }
  std::uint8_t value = 0;
  const std::string_view digits = text.substr(at, 2);
  const char* const end = digits.data() + digits.size();
  if (digits.size() < 2 || std::from_chars(digits.data(), end, value, 16).ptr != end) {
    return bad(R"(\x needs two hex digits)");
  }
  at += 2;
  return std::byte{value};
}

}  // namespace

std::string escape_bytes(ByteView bytes) {
  std::string text;
  for (const char c : text_of(bytes)) {
    const auto value = static_cast<unsigned char>(c);
    switch (c) {
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      case '\t':
        text += "\\t";
        break;
      case '\\':
        text += "\\\\";
        break;
      default:
        if (value > 0x20 && value < 0x7f) {
          text += c;
        } else {
          text += {'\\', 'x', hex_digits[value >> 4], hex_digits[value & 0xf]};
        }
    }
  }
  return text;
}

Result<Bytes> unescape_bytes(std::string_view text) {
  Bytes bytes;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      bytes.push_back(static_cast<std::byte>(text[at++]));
      continue;
    }
    const Result<std::byte> byte = escape_at(text, at);
    if (!byte) return fail(byte.error());
    bytes.push_back(*byte);
  }
  return bytes;
}

}  // namespace yam::wire
