#include "yam/proto/http/syntax.hpp"

#include <algorithm>
#include <cstddef>

namespace yam::proto::http {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_letter);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower_letter, lower_letter);
}

bool starts_with_word(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && same_word(text.substr(0, start.size()), start);
}

std::optional<std::uint64_t> parse_digits(std::string_view text) {
  constexpr std::size_t digits_max = 19;  // 10^19 - 1 fits in 64 bits
  if (text.empty() || text.size() > digits_max || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text)
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

}  // namespace yam::proto::http
