#pragma once
// Quantities as people write them: durations, sizes, rates and probabilities, each with a unit that is never
// guessed and a named maximum. Fractions are exact decimals until the last step, which rounds to the nearest
// nanosecond or byte; a value that is not zero never rounds to zero.

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam {

inline constexpr Duration duration_max = std::chrono::hours(24 * 365);
inline constexpr std::uint64_t size_bytes_max = std::uint64_t{1} << 60;  // 1 EiB
inline constexpr std::uint64_t rate_bytes_max = 1'000'000'000'000;       // 1 TB/s
inline constexpr std::size_t fraction_digits_max = 9;

// Bytes a second; never 0, which would be "never", not "without limit".
struct Rate {
  std::uint64_t bytes_per_second = 1;

  auto operator<=>(const Rate&) const = default;
};

// All parsers refuse signs, and answer Code::usage with what was expected. One space may stand before a unit.

// From 1 to `most`, in digits.
Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t most);

// `50ms`, `1.5s`, `3m` or `3min`, `1h30m`, `250us`, `1d`; a bare number is seconds.
Result<Duration> parse_duration(std::string_view text);

// `1536`, `64KiB`, `1.5MB`. B; kB, MB, GB, TB, PB are powers of 1000; KiB to EiB, and K, M, G, T, P, E alone,
// powers of 1024. A bare number is bytes.
Result<std::uint64_t> parse_bytes(std::string_view text);

// A size and `/s`, or bits: `1MB/s`, `8Mbit/s` (bit, kbit, Mbit, Gbit; powers of 1000).
Result<Rate> parse_rate(std::string_view text);

// From 0 to 1: `0.02`, `2%`, `1e-6`.
Result<double> parse_probability(std::string_view text);

// For people, rounded; what they print is parsed back to nearly the same value.

// 250us, 1.5ms, 2s, 1m30s, 2h5m, 3d4h: to three decimals below a minute, two units above.
std::string print_duration(Duration span);
std::string print_bytes(std::uint64_t bytes);  // 1.5 KiB: powers of 1024, at most one decimal
std::string print_rate(Rate rate);             // 1.5 MB/s: powers of 1000, as networks count
std::string print_probability(double value);   // 0.02: exact

}  // namespace yam
