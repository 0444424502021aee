#include "yam/service/small/fahrenheit.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "yam/base/text.hpp"

namespace yam::service {

namespace {

constexpr std::size_t number_bytes_max = 1024;  // longer texts are no temperatures
// The longest double with two decimals: 309 digits before the point, a sign.
constexpr std::size_t fixed_bytes_max = 330;

std::string_view stripped(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// float() takes 1_000: an underscore between two digits, and nowhere else.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return std::nullopt;
    }
  }
  return plain;
}

// from_chars knows more names than Python: nan(…).
bool is_known_word(std::string_view text) {
  std::string lower;
  for (const char c : text)
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower == "inf" || lower == "infinity" || lower == "nan";
}

// As Python's float() reads it.
std::optional<double> parse_float(std::string_view text) {
  text = stripped(text);
  if (text.size() > number_bytes_max) return std::nullopt;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto plain = without_underscores(text);
  if (!plain || plain->empty()) return std::nullopt;
  if (!is_digit(plain->front()) && plain->front() != '.' && !is_known_word(*plain)) return std::nullopt;
  double value = 0;
  const char* end = plain->data() + plain->size();
  const auto read = std::from_chars(plain->data(), end, value);
  if (read.ptr != end || read.ec == std::errc::invalid_argument) return std::nullopt;
  // Python takes what is too large for inf and what is too small for 0; strtod says which it is.
  if (read.ec == std::errc::result_out_of_range) value = std::strtod(plain->c_str(), nullptr);
  return negative ? -value : value;
}

// round(value, 2): to_chars with two decimals rounds the exact binary value, halves to even, as Python does.
double rounded(double value) {
  if (!std::isfinite(value)) return value;
  std::array<char, fixed_bytes_max> text;
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2);
  double result = value;
  std::from_chars(text.data(), written.ptr, result);
  return result;
}

}  // namespace

std::string fahrenheit_answer(std::string_view text) {
  const auto celsius = parse_float(text);
  if (!celsius) return std::string(not_a_number_prefix) + quoted(text);
  // Two roundings, as Python has them, whatever the compiler would like to fuse.
  const double scaled = *celsius * 1.8;
  return std::string(fahrenheit_prefix) + python_float(rounded(scaled + 32));
}

std::string python_float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 32> buffer;
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string text(buffer.data(), written.ptr);  // -d.ddde-07
  const std::size_t mark = text.find('e');
  int exponent = 0;
  const char* digits_of_exponent = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(digits_of_exponent, text.data() + text.size(), exponent);
  if (exponent < -4 || exponent >= 16) return text;

  const std::string sign = text.front() == '-' ? "-" : "";
  std::string digits = text.substr(sign.size(), mark - sign.size());
  if (digits.size() > 1) digits.erase(1, 1);
  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace yam::service
