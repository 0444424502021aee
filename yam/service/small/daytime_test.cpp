#include "yam/service/small/daytime.hpp"

#include <gtest/gtest.h>

#include "yam/service/small/inbox_name.hpp"

namespace yam::service {
namespace {

std::tm moment(int year, int month, int day, int weekday, int hour, int minute, int second) {
  std::tm time{};
  time.tm_year = year - 1900;
  time.tm_mon = month - 1;
  time.tm_mday = day;
  time.tm_wday = weekday;
  time.tm_hour = hour;
  time.tm_min = minute;
  time.tm_sec = second;
  return time;
}

TEST(Daytime, WritesTheFormOfTheRfc) {
  EXPECT_EQ(daytime_text(moment(1982, 2, 22, 1, 17, 37, 43), "PST"),
            "Monday, February 22, 1982 17:37:43-PST\r\n");
  EXPECT_EQ(daytime_text(moment(2026, 12, 5, 6, 0, 1, 2), "UTC"),
            "Saturday, December 5, 2026 00:01:02-UTC\r\n");
}

TEST(InboxName, HoldsTimeAndSender) {
  const std::tm time = moment(2026, 1, 2, 5, 3, 4, 5);
  struct Case {
    std::string sender;
    std::string name;
  };
  const Case cases[] = {
      {"192.0.2.7:40012", "2026-01-02_03-04-05_192.0.2.7_40012"},
      {"[2001:db8::1]:9", "2026-01-02_03-04-05_2001-db8--1_9"},
      {"[fe80::1%2]:65535", "2026-01-02_03-04-05_fe80--1-2_65535"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(inbox_name(time, *IpPort::parse(each.sender)), each.name);
}

}  // namespace
}  // namespace yam::service
