#include "yam/base/address/percent.hpp"

#include "yam/base/text.hpp"

namespace yam {
namespace {

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(c);
  out += '%';
  out += digits[value >> 4];
  out += digits[value & 15];
}

// The byte that the escape at the front of `text` stands for.
Result<char> escape_at(Typed text) {
  const std::string_view escape = text.first(3).text();
  if (escape.size() < 3 || hex_value(escape[1]) < 0 || hex_value(escape[2]) < 0) {
    return text.refuse(quoted(escape) + " is no percent-escape", "write %25 for a percent sign");
  }
  const auto value = static_cast<char>(hex_value(escape[1]) * 16 + hex_value(escape[2]));
  if (value == '\0') return text.refuse("a NUL byte (%00) cannot stand");
  return value;
}

}  // namespace

Result<std::string> percent_decoded(Typed text) {
  std::string out;
  while (!text.empty()) {
    char c = text.text().front();
    std::size_t taken = 1;
    if (c == '%') {
      const auto byte = escape_at(text);
      if (!byte) return fail(byte.error());
      c = *byte;
      taken = 3;
    }
    out += c;
    text = text.from(taken);
  }
  return out;
}

std::string percent_encoded(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || is_control(c) || special.contains(c)) {
      append_escape(out, c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string percent_encoded_segment(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
                          std::string_view("-._~!$'()*+,;=@").contains(c);
    if (is_plain) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

Result<std::string> percent_normalized(Typed text) {
  constexpr std::string_view not_in_a_uri = " \"<>\\^`{|}";
  std::string out;
  for (; !text.empty(); text = text.from(1)) {
    const char c = text.text().front();
    if (c == '%') {
      if (const auto byte = escape_at(text); !byte) return fail(byte.error());
    }
    if (is_control(c) || static_cast<unsigned char>(c) >= 0x80 || not_in_a_uri.contains(c)) {
      append_escape(out, c);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace yam
