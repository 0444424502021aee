#pragma once
// The addresses by which other machines may reach this one.

#include <vector>

#include "yam/base/address/ip.hpp"

namespace yam::net {

// Of all interfaces that are up, IPv4 first; without those that only mean something on one link (fe80::).
// The loopback ones when there is nothing else. Never empty.
std::vector<IpAddress> own_addresses();

}  // namespace yam::net
