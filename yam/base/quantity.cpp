#include "yam/base/quantity.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>

#include <fmt/core.h>

#include "yam/base/text.hpp"

namespace yam {

namespace {

__extension__ using u128 = unsigned __int128;

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr std::uint64_t k = 1000, ki = 1024;
constexpr std::uint64_t micro_ns = k, milli_ns = k * k, second_ns = k * k * k;
constexpr std::uint64_t minute_ns = 60 * second_ns, hour_ns = 60 * minute_ns, day_ns = 24 * hour_ns;

constexpr Unit duration_units[] = {
    {"s", second_ns},  {"ns", 1},         {"us", micro_ns},    {"µs", micro_ns}, {"μs", micro_ns},
    {"ms", milli_ns},  {"m", minute_ns},  {"min", minute_ns},  {"h", hour_ns},   {"d", day_ns},
};
constexpr Unit byte_units[] = {
    {"B", 1},
    {"kB", k},
    {"KB", k},
    {"MB", k * k},
    {"GB", k * k * k},
    {"TB", k * k * k * k},
    {"PB", k * k * k * k * k},
    {"KiB", ki},
    {"MiB", ki * ki},
    {"GiB", ki * ki * ki},
    {"TiB", ki * ki * ki * ki},
    {"PiB", ki * ki * ki * ki * ki},
    {"EiB", ki * ki * ki * ki * ki * ki},
    {"K", ki},
    {"M", ki * ki},
    {"G", ki * ki * ki},
    {"T", ki * ki * ki * ki},
    {"P", ki * ki * ki * ki * ki},
    {"E", ki * ki * ki * ki * ki * ki},
};
constexpr Unit bit_units[] = {{"bit", 1}, {"kbit", k}, {"Mbit", k * k}, {"Gbit", k * k * k}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 15.25 is 1525 over 10^2.
struct Decimal {
  std::uint64_t digits = 0;
  std::size_t places = 0;

  // Times `unit` over `divisor`, to the nearest whole; absent above `max`. Zero only if it is zero.
  std::optional<std::uint64_t> of(std::uint64_t unit, std::uint64_t divisor, std::uint64_t max) const {
    u128 below = divisor;
    for (std::size_t i = 0; i < places; ++i)
      below *= 10;
    const u128 whole = (u128{digits} * unit + below / 2) / below;
    if (whole > max) return std::nullopt;
    return whole == 0 && digits != 0 ? 1 : static_cast<std::uint64_t>(whole);
  }
};

// What the readers below leave behind: the number and unit from the front of `text`, which shrinks.
enum class Fault : std::uint8_t { no_number, too_large, too_fine, unknown_unit };

std::expected<Decimal, Fault> take_decimal(std::string_view& text) {
  Decimal number;
  bool point = false;
  if (text.empty() || !is_digit(text[0])) return std::unexpected(Fault::no_number);
  for (; !text.empty() && (is_digit(text[0]) || (text[0] == '.' && !point)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      point = true;
      if (text.size() == 1 || !is_digit(text[1])) return std::unexpected(Fault::no_number);
      continue;
    }
    if (point && ++number.places > fraction_digits_max) return std::unexpected(Fault::too_fine);
    if (number.digits > (UINT64_MAX - 9) / 10) return std::unexpected(Fault::too_large);
    number.digits = number.digits * 10 + static_cast<std::uint64_t>(text[0] - '0');
  }
  return number;
}

// The letters up to the next digit or the end; empty for a bare number.
std::expected<std::string_view, Fault> take_unit(std::string_view& text) {
  if (text.size() > 1 && text[0] == ' ') text.remove_prefix(1);
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length]))
    ++length;
  const auto unit = text.substr(0, length);
  text.remove_prefix(length);
  return unit;
}

std::optional<std::uint64_t> size_of(std::string_view name, std::span<const Unit> units) {
  for (const auto& unit : units)
    if (unit.name == name) return unit.size;
  return std::nullopt;
}

}  // namespace

}  // namespace yam
