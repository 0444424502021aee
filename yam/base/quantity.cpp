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
    {"s", second_ns}, {"ns", 1},        {"us", micro_ns},   {"µs", micro_ns}, {"μs", micro_ns},
    {"ms", milli_ns}, {"m", minute_ns}, {"min", minute_ns}, {"h", hour_ns},   {"d", day_ns},
};
constexpr Unit byte_units[] = {
    {"B", 1},
    {"kB", k},
    {"KB", k},
    {"MB", k* k},
    {"GB", k* k* k},
    {"TB", k* k* k* k},
    {"PB", k* k* k* k* k},
    {"KiB", ki},
    {"MiB", ki* ki},
    {"GiB", ki* ki* ki},
    {"TiB", ki* ki* ki* ki},
    {"PiB", ki* ki* ki* ki* ki},
    {"EiB", ki* ki* ki* ki* ki* ki},
    {"K", ki},
    {"M", ki* ki},
    {"G", ki* ki* ki},
    {"T", ki* ki* ki* ki},
    {"P", ki* ki* ki* ki* ki},
    {"E", ki* ki* ki* ki* ki* ki},
};
constexpr Unit bit_units[] = {{"bit", 1}, {"kbit", k}, {"Mbit", k* k}, {"Gbit", k* k* k}};

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

// Takes the number from the front of `text`, or says why there is none.
std::expected<Decimal, std::string> take_decimal(std::string_view& text) {
  if (text.empty() || !is_digit(text[0])) return std::unexpected("it must start with a digit");
  Decimal number;
  bool point = false;
  for (; !text.empty() && (is_digit(text[0]) || (text[0] == '.' && !point)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      point = true;
      if (text.size() == 1 || !is_digit(text[1])) return std::unexpected("no digit follows the point");
      continue;
    }
    if (point && ++number.places > fraction_digits_max)
      return std::unexpected(fmt::format("more than {} digits follow the point", fraction_digits_max));
    if (number.digits > (UINT64_MAX - 9) / 10) return std::unexpected("the number has too many digits");
    number.digits = number.digits * 10 + static_cast<std::uint64_t>(text[0] - '0');
  }
  return number;
}

// Takes the unit after a number: what stands before the next digit, empty after a bare number.
std::string_view take_unit(std::string_view& text) {
  if (text.size() > 1 && text[0] == ' ') text.remove_prefix(1);
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length]))
    ++length;
  const auto unit = text.substr(0, length);
  text.remove_prefix(length);
  return unit;
}

const Unit* find_unit(std::string_view name, std::span<const Unit> units) {
  for (const auto& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

// How one kind of quantity complains: what it is called, and what would have been right.
struct Complaint {
  std::string_view text;
  std::string_view kind;
  std::string_view hint;

  std::unexpected<Error> operator()(std::string_view why) const {
    return fail(Code::usage, fmt::format("{} is not {}: {}", quoted(text), kind, why), std::string(hint));
  }
  std::unexpected<Error> unknown(std::string_view unit) const {
    return (*this)(unit.empty() ? "it has no unit" : "the unit " + quoted(unit) + " is unknown");
  }
};

// `value` with at most one decimal and the largest of `units` that keeps it at 1 or more; each unit is `base`
// times the one before.
std::string print_scaled(std::uint64_t value, std::uint64_t base, std::span<const std::string_view> units) {
  std::uint64_t size = 1, tenths = 0;
  std::size_t at = 0;
  for (;; ++at, size *= base) {
    // No overflow: the remainder is below 2^60, as is the largest unit.
    const bool too_wide = value / size >= UINT64_MAX / 10;
    if (!too_wide) tenths = value / size * 10 + (value % size * 10 + size / 2) / size;
    if (at + 1 == units.size() || (!too_wide && tenths < base * 10)) break;
  }
  const std::string fraction = tenths % 10 ? fmt::format(".{}", tenths % 10) : "";
  return fmt::format("{}{} {}", tenths / 10, fraction, units[at]);
}

std::uint64_t rounded(std::uint64_t value, std::uint64_t unit) {
  return value / unit + (value % unit * 2 >= unit);
}

// Below a minute: the largest unit that keeps it at 1 or more, to three decimals. Empty when it rounds to
// one.
std::string print_short(std::uint64_t ns) {
  constexpr Unit units[] = {{"ns", 1}, {"us", micro_ns}, {"ms", milli_ns}, {"s", second_ns}};
  for (const auto& unit : units) {
    const bool last = unit.size == second_ns;
    const std::uint64_t thousandths = unit.size == 1 ? ns * 1000 : rounded(ns, unit.size / 1000);
    if (thousandths >= (last ? 60 : 1000) * k) continue;
    std::string digits = fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return digits + std::string(unit.name);
  }
  return {};
}

// 1h30m, or 1h when nothing is left over.
std::string print_pair(std::uint64_t value, std::uint64_t base, char large, char small) {
  const std::string rest = value % base ? fmt::format("{}{}", value % base, small) : "";
  return fmt::format("{}{}{}", value / base, large, rest);
}

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > most)
    return fail(Code::usage, quoted(text) + " is not a number from 1 to " + std::to_string(most));
  return number;
}

Result<Duration> parse_duration(std::string_view text) {
  const Complaint refuse{text, "a duration",
                         "write 250us, 50ms, 1.5s, 3m, 1h30m or 1d; a bare number is seconds"};
  constexpr auto max_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(duration_max).count());
  std::uint64_t total_ns = 0, previous = UINT64_MAX;
  for (std::string_view rest = text;;) {
    const auto number = take_decimal(rest);
    if (!number) return refuse(number.error());
    const auto name = take_unit(rest);
    const bool bare = name.empty() && rest.empty() && previous == UINT64_MAX;
    const Unit* unit = find_unit(bare ? "s" : name, duration_units);
    if (unit == nullptr) return refuse.unknown(name);
    if (unit->size >= previous) return refuse("its units must go from large to small");
    if (!rest.empty() && number->places > 0) return refuse("only the last number may have a fraction");
    const auto ns = number->of(unit->size, 1, max_ns - total_ns);
    if (!ns) return refuse("the longest is " + print_duration(duration_max));
    total_ns += *ns;
    previous = unit->size;
    if (rest.empty()) return std::chrono::nanoseconds(total_ns);
  }
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  const Complaint refuse{text, "a size", "write 1536, 64KiB, 1.5MB or 2G; K, M and G are powers of 1024"};
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  if (!number) return refuse(number.error());
  const auto name = take_unit(rest);
  const Unit* unit = find_unit(name.empty() && rest.empty() ? "B" : name, byte_units);
  if (unit == nullptr) return refuse.unknown(name);
  if (!rest.empty()) return refuse("something follows the unit");
  const auto bytes = number->of(unit->size, 1, size_bytes_max);
  if (!bytes) return refuse("the largest is " + print_bytes(size_bytes_max));
  return *bytes;
}

Result<Rate> parse_rate(std::string_view text) {
  const Complaint refuse{text, "a rate", "write 64KiB/s, 1MB/s or 8Mbit/s"};
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  if (!number) return refuse(number.error());
  auto name = take_unit(rest);
  if (!rest.empty() || !name.ends_with("/s")) return refuse("it must end in a unit and /s");
  name.remove_suffix(2);
  const Unit* bits = find_unit(name, bit_units);
  const Unit* unit = bits ? bits : find_unit(name, byte_units);
  if (unit == nullptr) return refuse.unknown(name);
  const auto bytes = number->of(unit->size, bits ? 8 : 1, rate_bytes_max);
  if (!bytes) return refuse("the highest is " + print_rate(Rate{rate_bytes_max}));
  if (*bytes == 0) return refuse("nothing would ever arrive");
  return Rate{*bytes};
}

Result<double> parse_probability(std::string_view text) {
  const Complaint refuse{text, "a probability", "write 0.02, 2% or 1e-6"};
  const bool percent = text.ends_with('%');
  std::string number(text.substr(0, text.size() - percent));
  if (number.empty() || !is_digit(number[0])) return refuse("it must start with a digit");
  // By its exponent, not by a division: 0.7% is then the double nearest to 0.007.
  if (percent) number += "e-2";
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (end != number.data() + number.size()) return refuse("it is not a plain number");
  if (error != std::errc()) return refuse("it is too large or too small");
  if (value > 1) return refuse(percent ? "the highest is 100%" : "the highest is 1");
  return value;
}

std::string print_duration(Duration span) {
  const auto count = std::chrono::nanoseconds(span).count();
  // The magnitude without overflow, even of the lowest value.
  const auto ns = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  const std::string sign = count < 0 ? "-" : "";
  if (ns == 0) return "0s";
  if (ns < minute_ns)
    if (const auto brief = print_short(ns); !brief.empty()) return sign + brief;
  if (const auto s = rounded(ns, second_ns); s < 3600) return sign + print_pair(s, 60, 'm', 's');
  if (const auto m = rounded(ns, minute_ns); m < 24 * 60) return sign + print_pair(m, 60, 'h', 'm');
  return sign + print_pair(rounded(ns, hour_ns), 24, 'd', 'h');
}

std::string print_bytes(std::uint64_t bytes) {
  constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  return print_scaled(bytes, ki, units);
}

std::string print_rate(Rate rate) {
  constexpr std::string_view units[] = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s", "EB/s"};
  return print_scaled(rate.bytes_per_second, k, units);
}

std::string print_probability(double value) {
  return fmt::format("{}", value);
}

}  // namespace yam
