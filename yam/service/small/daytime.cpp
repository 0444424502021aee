#include "yam/service/small/daytime.hpp"

#include <array>

#include <fmt/core.h>

namespace yam::service {

std::string daytime_text(const std::tm& time, const std::string& zone) {
  constexpr std::array days{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                              "July",    "August",   "September", "October", "November", "December"};
  return fmt::format("{}, {} {}, {} {:02}:{:02}:{:02}-{}\r\n", days[static_cast<std::size_t>(time.tm_wday)],
                     months[static_cast<std::size_t>(time.tm_mon)], time.tm_mday, time.tm_year + 1900,
                     time.tm_hour, time.tm_min, time.tm_sec, zone);
}

std::string daytime_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return daytime_text(local, local.tm_zone);
}

}  // namespace yam::service
