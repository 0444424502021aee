#include "yam/service/http_send/end_time.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace yam::service {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// 2026-11-22, 12:00:00 where this machine is.
std::time_t noon() {
  std::tm day{};
  day.tm_year = 126;
  day.tm_mon = 10;
  day.tm_mday = 22;
  day.tm_hour = 12;
  day.tm_isdst = -1;
  return std::mktime(&day);
}

TEST(EndTime, IsASpanOrATimeOfDay) {
  EXPECT_EQ(parse_end_time("30min", noon()), Duration(minutes(30)));
  EXPECT_EQ(parse_end_time("90", noon()), Duration(seconds(90)));
  EXPECT_EQ(parse_end_time("12:01", noon()), Duration(minutes(1)));
  EXPECT_EQ(parse_end_time("23:59:59", noon()), Duration(hours(12) - seconds(1)));
  EXPECT_EQ(parse_end_time("12:00:01", noon()), Duration(seconds(1)));
}

TEST(EndTime, OfAnHourThatIsOverIsTomorrow) {
  EXPECT_EQ(parse_end_time("12:00", noon()), Duration(hours(24)));
  EXPECT_EQ(parse_end_time("00:00", noon()), Duration(hours(12)));
  EXPECT_EQ(parse_end_time("11:59:59", noon()), Duration(hours(24) - seconds(1)));
}

TEST(EndTime, RefusesWhatIsNone) {
  for (const char* text : {"", "soon", "-5min", "24:00", "12:60", "12:00:60", "1:30", "12:0", "12:", ":",
                           "12-30:", "12:00:", "12:00:0x", "aa:bb", "12:00 pm"}) {
    const auto parsed = parse_end_time(text, noon());
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::usage) << text;
  }
  EXPECT_EQ(parse_end_time("25:00", noon()).error().what, "\"25:00\" is no time of day");
}

}  // namespace

}  // namespace yam::service
