#include "yam/base/quantity.hpp"

#include <gtest/gtest.h>

namespace yam {
namespace {

using namespace std::chrono_literals;

struct DurationCase {
  const char* text;
  Duration span;
};

constexpr DurationCase durations[] = {
    {"0", 0s},        {"2", 2s},        {"2s", 2s},       {"1.5s", 1500ms},  {"50ms", 50ms},
    {"250us", 250us}, {"250µs", 250us}, {"250μs", 250us}, {"7ns", 7ns},      {"3m", 3min},
    {"3min", 3min},   {"1h", 1h},       {"1d", 24h},      {"1h30m", 90min},  {"1m30.5s", 90500ms},
    {"5 s", 5s},      {"0.5", 500ms},   {"365d", 8760h},  {"0.0001us", 1ns}, {"0.3ns", 1ns},
    {"2.5ns", 3ns},
};

TEST(Quantity, DurationsAreExact) {
  for (const auto& [text, span] : durations) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().what;
    EXPECT_EQ(*parsed, span) << text;
    EXPECT_FALSE(parse_duration(std::string(text) + "x")) << text << " with junk behind it";
    EXPECT_FALSE(parse_duration(" " + std::string(text))) << text << " after a space";
  }
}

struct SizeCase {
  const char* text;
  std::uint64_t bytes;
};

constexpr SizeCase sizes[] = {
    {"0", 0},
    {"1536", 1536},
    {"1B", 1},
    {"1kB", 1000},
    {"1KB", 1000},
    {"1MB", 1'000'000},
    {"1GB", 1'000'000'000},
    {"2TB", 2'000'000'000'000},
    {"3PB", 3'000'000'000'000'000},
    {"64KiB", 65536},
    {"1K", 1024},
    {"1M", 1 << 20},
    {"2G", 2ULL << 30},
    {"1.5 KiB", 1536},
    {"1.2MiB", 1258291},
    {"0.1B", 1},
    {"1EiB", 1ULL << 60},
    {"1E", 1ULL << 60},
    {"1T", 1ULL << 40},
};

TEST(Quantity, SizesKeepPowersOfTwoAndTenApart) {
  for (const auto& [text, bytes] : sizes) {
    const auto parsed = parse_bytes(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().what;
    EXPECT_EQ(*parsed, bytes) << text;
    EXPECT_FALSE(parse_bytes(std::string(text) + "?")) << text << " with junk behind it";
  }
}

constexpr SizeCase rates[] = {
    {"1MB/s", 1'000'000}, {"8Mbit/s", 1'000'000}, {"64KiB/s", 65536},       {"100B/s", 100},
    {"56kbit/s", 7000},   {"1bit/s", 1},          {"1Gbit/s", 125'000'000}, {"1 TB/s", 1'000'000'000'000},
    {"1K/s", 1024},
};

TEST(Quantity, CountsAreDigitsWithinTheirLimit) {
  EXPECT_EQ(parse_count("1", 10), 1u);
  EXPECT_EQ(parse_count("10", 10), 10u);
  EXPECT_EQ(parse_count("18446744073709551615", UINT64_MAX), UINT64_MAX);
  for (const char* text : {"", "0", "11", "-1", "+1", " 1", "1 ", "1k", "18446744073709551616"})
    EXPECT_FALSE(parse_count(text, 10)) << text;
}

TEST(Quantity, RatesCountBytesOrBits) {
  for (const auto& [text, bytes] : rates) {
    const auto parsed = parse_rate(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().what;
    EXPECT_EQ(parsed->bytes_per_second, bytes) << text;
    EXPECT_FALSE(parse_rate(std::string(text) + "s")) << text << " with junk behind it";
  }
}

TEST(Quantity, ProbabilitiesAreTheNearestDouble) {
  const std::pair<const char*, double> cases[] = {
      {"0", 0},        {"1", 1},    {"0.02", 0.02}, {"2%", 0.02},
      {"0.7%", 0.007}, {"100%", 1}, {"1e-6", 1e-6}, {"1E-6", 1e-6},
  };
  for (const auto& [text, value] : cases) {
    const auto parsed = parse_probability(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().what;
    EXPECT_EQ(*parsed, value) << text;
    EXPECT_FALSE(parse_probability(std::string(text) + "x")) << text << " with junk behind it";
  }
}

TEST(Quantity, FrontsOfATextNeverCrash) {
  for (const std::string_view text : {"1h30m15.25s", "1.5 KiB", "8Mbit/s", "1.5e-3%", "250µs"})
    for (std::size_t length = 0; length <= text.size(); ++length) {
      const auto front = text.substr(0, length);
      for (const bool reads : {parse_duration(front).has_value(), parse_bytes(front).has_value(),
                               parse_rate(front).has_value(), parse_probability(front).has_value()})
        EXPECT_TRUE(!reads || !front.empty());
    }
}

template <class Parse>
std::string fault(Parse parse, std::string_view text) {
  const auto parsed = parse(text);
  if (parsed) return "no fault";
  EXPECT_EQ(parsed.error().code, Code::usage);
  EXPECT_FALSE(parsed.error().hint.empty());
  return parsed.error().what;
}

struct Refusal {
  const char* text;
  const char* what;
};

TEST(Quantity, RefusedDurations) {
  constexpr Refusal cases[] = {
      {"", R"("" is not a duration: it must start with a digit)"},
      {"-5s", R"("-5s" is not a duration: it must start with a digit)"},
      {".5s", R"(".5s" is not a duration: it must start with a digit)"},
      {"5.s", R"("5.s" is not a duration: no digit follows the point)"},
      {"5 ", R"("5 " is not a duration: the unit " " is unknown)"},
      {"5x", R"("5x" is not a duration: the unit "x" is unknown)"},
      {"5M", R"("5M" is not a duration: the unit "M" is unknown)"},
      {"1h30", R"("1h30" is not a duration: it has no unit)"},
      {"1.5.5s", R"("1.5.5s" is not a duration: the unit "." is unknown)"},
      {"30m1h", R"("30m1h" is not a duration: its units must go from large to small)"},
      {"1s1s", R"("1s1s" is not a duration: its units must go from large to small)"},
      {"1.5h30m", R"("1.5h30m" is not a duration: only the last number may have a fraction)"},
      {"366d", R"("366d" is not a duration: the longest is 365d)"},
      {"365d1ns", R"("365d1ns" is not a duration: the longest is 365d)"},
      {"0.0000000001s", R"("0.0000000001s" is not a duration: more than 9 digits follow the point)"},
      {"99999999999999999999s",
       R"("99999999999999999999s" is not a duration: the number has too many digits)"},
      {"5s\x1b[2J", R"("5s\x1b[2J" is not a duration: the unit "s\x1b[" is unknown)"},
  };
  for (const auto& [text, what] : cases)
    EXPECT_EQ(fault(parse_duration, text), what);
}

TEST(Quantity, RefusedSizesRatesAndProbabilities) {
  constexpr Refusal sizes_refused[] = {
      {"", R"("" is not a size: it must start with a digit)"},
      {"1kib", R"("1kib" is not a size: the unit "kib" is unknown)"},
      {"1Mb", R"("1Mb" is not a size: the unit "Mb" is unknown)"},
      {"1K2", R"("1K2" is not a size: something follows the unit)"},
      {"2E", R"("2E" is not a size: the largest is 1 EiB)"},
      {"18446744073709551616E", R"("18446744073709551616E" is not a size: the number has too many digits)"},
  };
  for (const auto& [text, what] : sizes_refused)
    EXPECT_EQ(fault(parse_bytes, text), what);

  constexpr Refusal rates_refused[] = {
      {"1MB", R"("1MB" is not a rate: it must end in a unit and /s)"},
      {"8Mbps", R"("8Mbps" is not a rate: it must end in a unit and /s)"},
      {"1/s", R"("1/s" is not a rate: it has no unit)"},
      {"1Mb/s", R"("1Mb/s" is not a rate: the unit "Mb" is unknown)"},
      {"0B/s", R"("0B/s" is not a rate: nothing would ever arrive)"},
      {"2TB/s", R"("2TB/s" is not a rate: the highest is 1 TB/s)"},
  };
  for (const auto& [text, what] : rates_refused)
    EXPECT_EQ(fault(parse_rate, text), what);

  constexpr Refusal probabilities_refused[] = {
      {"", R"("" is not a probability: it must start with a digit)"},
      {"%", R"("%" is not a probability: it must start with a digit)"},
      {"-1%", R"("-1%" is not a probability: it must start with a digit)"},
      {"nan", R"("nan" is not a probability: it must start with a digit)"},
      {"2 %", R"("2 %" is not a probability: it is not a plain number)"},
      {"1e-3%", R"("1e-3%" is not a probability: it is not a plain number)"},
      {"0x1", R"("0x1" is not a probability: it is not a plain number)"},
      {"2", R"("2" is not a probability: the highest is 1)"},
      {"101%", R"("101%" is not a probability: the highest is 100%)"},
      {"1e-999", R"("1e-999" is not a probability: it is too large or too small)"},
  };
  for (const auto& [text, what] : probabilities_refused)
    EXPECT_EQ(fault(parse_probability, text), what);
}

TEST(Quantity, DurationsPrintForPeople) {
  const std::pair<Duration, const char*> cases[] = {
      {0ns, "0s"},
      {7ns, "7ns"},
      {250us, "250us"},
      {1500us, "1.5ms"},
      {1234567ns, "1.235ms"},
      {50ms, "50ms"},
      {999'999'600ns, "1s"},
      {2s, "2s"},
      {59'999'400us, "59.999s"},
      {59'999'600us, "1m"},
      {90s, "1m30s"},
      {3599'600ms, "1h"},
      {125min, "2h5m"},
      {24h, "1d"},
      {76h, "3d4h"},
      {-50ms, "-50ms"},
      {Duration::min(), "-106752d"},
      {Duration::max(), "106752d"},
  };
  for (const auto& [span, text] : cases) {
    EXPECT_EQ(print_duration(span), text);
    const auto back = parse_duration(text);
    if (back) {
      EXPECT_EQ(print_duration(*back), text);
    }
    EXPECT_EQ(back.has_value(), span >= 0ns && span <= duration_max) << text;
  }
}

TEST(Quantity, SizesAndRatesPrintForPeople) {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0, "0 B"},           {1023, "1023 B"},       {1536, "1.5 KiB"},     {65536, "64 KiB"},
      {1'048'575, "1 MiB"}, {1'258'291, "1.2 MiB"}, {1ULL << 60, "1 EiB"}, {UINT64_MAX, "16 EiB"},
  };
  for (const auto& [bytes, text] : cases)
    EXPECT_EQ(print_bytes(bytes), text);
  EXPECT_EQ(print_rate({999}), "999 B/s");
  EXPECT_EQ(print_rate({1'500'000}), "1.5 MB/s");
  EXPECT_EQ(print_rate({999'999}), "1 MB/s");
  EXPECT_EQ(print_rate({UINT64_MAX}), "18.4 EB/s");
  EXPECT_EQ(print_probability(0.02), "0.02");
}

}  // namespace
}  // namespace yam
