#pragma once
// The letters of HTTP (RFC 9110 §5.6): which may stand in a token, in a field's value and in a target, and
// the small questions about words that every field asks. Nothing here allocates.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "yam/base/text.hpp"

namespace yam::proto::http {

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char lower_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_blank(char c) {  // OWS, RFC 9110 §5.6.3
  return c == ' ' || c == '\t';
}
// Every byte of a head asks, so it is a table.
inline constexpr std::array<bool, 256> token_letters = [] {
  std::array<bool, 256> letters{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    letters[static_cast<unsigned char>(c)] = true;
  for (int c = 0; c < 128; ++c)
    if (is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c)))
      letters[static_cast<unsigned char>(c)] = true;
  return letters;
}();
constexpr bool is_token_letter(char c) {  // tchar, RFC 9110 §5.6.2
  return token_letters[static_cast<unsigned char>(c)];
}
// VCHAR, obs-text, SP and HTAB (RFC 9110 §5.5).
constexpr bool is_value_letter(char c) {
  return c == '\t' || !is_control(c);
}

bool is_token(std::string_view text);  // not empty
// Without the blanks around it.
std::string_view trimmed(std::string_view text);
// Equal but for the case of ASCII letters.
bool same_word(std::string_view left, std::string_view right);
bool starts_with_word(std::string_view text, std::string_view start);

// Digits alone, at least one and at most 19, leading zeros included: no sign, no blank, no overflow.
std::optional<std::uint64_t> parse_digits(std::string_view text);

}  // namespace yam::proto::http
