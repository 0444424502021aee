#include "yam/service/small/inbox_name.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace yam::service {

std::string inbox_name(const std::tm& time, const IpPort& sender) {
  std::string who = sender.address.to_string();
  std::ranges::replace(who, ':', '-');
  std::ranges::replace(who, '%', '-');
  return fmt::format("{:04}-{:02}-{:02}_{:02}-{:02}-{:02}_{}_{}", time.tm_year + 1900, time.tm_mon + 1,
                     time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec, who, sender.port);
}

}  // namespace yam::service
