#include "yam/proto/http/field/date.hpp"

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

using namespace std::chrono_literals;

constexpr Date example = std::chrono::sys_days{1994y / 11 / 6} + 8h + 49min + 37s;  // RFC 9110 §5.6.7
constexpr Date now = std::chrono::sys_days{2026y / 11 / 21};

TEST(HttpDate, ThreeFormsAreRead) {
  const struct {
    const char* text;
    Date date;
  } cases[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", example},
      {"Sunday, 06-Nov-94 08:49:37 GMT", example},
      {"Sun Nov  6 08:49:37 1994", example},
      {"Mon, 06 Nov 1994 08:49:37 GMT", example},  // the weekday is not asked
      {"Wed Nov 16 08:49:37 1994", example + std::chrono::days(10)},
      {"Thu, 01 Jan 1970 00:00:00 GMT", Date{}},
      {"Thu, 29 Feb 2024 23:59:60 GMT", std::chrono::sys_days{2024y / 3 / 1} - 1s},  // a leap second
      {"Friday, 01-Jan-76 00:00:00 GMT", std::chrono::sys_days{2076y / 1 / 1}},
      {"Saturday, 01-Jan-77 00:00:00 GMT", std::chrono::sys_days{1977y / 1 / 1}},
      {"Mon, 31 Dec 9999 23:59:59 GMT", std::chrono::sys_days{9999y / 12 / 31} + 24h - 1s},
  };
  for (const auto& [text, date] : cases)
    EXPECT_EQ(parse_date(text, now), date) << text;
}

TEST(HttpDate, AnythingElseIsNone) {
  for (const char* text : {"",
                           "Sun",
                           "Sun,",
                           "Sun, ",
                           "sun, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 6 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           " Sun, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 8:49:37 GMT",
                           "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:60:00 GMT",
                           "Sun, 06 Nov 1994 08:00:61 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 31 Nov 1994 08:49:37 GMT",
                           "Wed, 29 Feb 2023 00:00:00 GMT",
                           "Sun, 06-Nov-94 08:49:37 GMT",
                           "Sunday, 06 Nov 1994 08:49:37 GMT",
                           "Sun Nov 6 08:49:37 1994",
                           "Sun Nov  6 08:49:37 1994 GMT",
                           "Sun, +6 Nov 1994 08:49:37 GMT",
                           "1994-11-06T08:49:37Z",
                           "784111777"})
    EXPECT_EQ(parse_date(text, now), std::nullopt) << text;
}

TEST(HttpDate, WhatIsWrittenIsReadBack) {
  EXPECT_EQ(write_date(example), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(write_date(Date{-1s}), "Wed, 31 Dec 1969 23:59:59 GMT");
  for (int day = 0; day < 800; ++day) {
    const Date date = example + std::chrono::days(day * 37) + std::chrono::seconds(day * 61);
    EXPECT_EQ(parse_date(write_date(date), now), date);
  }
}

}  // namespace
}  // namespace yam::proto::http
