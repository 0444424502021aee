#pragma once
// What a file is called that came without a name: when it came and from whom.

#include <ctime>
#include <string>

#include "yam/base/address/ip.hpp"

namespace yam::service {

// "2026-11-21_08-21-03_192.0.2.7_40012"; the colons of IPv6 become '-', which every file system takes.
std::string inbox_name(const std::tm& time, const IpPort& sender);

}  // namespace yam::service
