#pragma once
// Row 11 of the classics: a number in °C is answered in °F, as a Python program answers it, digit for digit.
// What is no number gets words, never silence.

#include <string>
#include <string_view>

namespace yam::service {

inline constexpr std::string_view fahrenheit_prefix = "转换为华氏温度为: ";
inline constexpr std::string_view not_a_number_prefix = "不是数字: ";

// The prefix and round(float(text) * 1.8 + 32, 2); or not_a_number_prefix and the text, made safe to show.
std::string fahrenheit_answer(std::string_view text);

// As Python's repr writes a float: the fewest digits that read back to it, `.0` behind whole ones, exponents
// of two digits below 1e-4 and from 1e16 on; `inf`, `nan`.
std::string python_float(double value);

}  // namespace yam::service
