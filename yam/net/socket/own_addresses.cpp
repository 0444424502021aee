#include "yam/net/socket/own_addresses.hpp"

#include <algorithm>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

namespace {

IpAddress address_in(const sockaddr& found) {
  SocketAddress socket;
  const socklen_t size = found.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  std::copy_n(reinterpret_cast<const std::byte*>(&found), size,
              reinterpret_cast<std::byte*>(socket.mutable_get()));
  socket.set_size(size);
  return socket.ip()->address;
}

}  // namespace

std::vector<IpAddress> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) first = nullptr;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list(first, &::freeifaddrs);
  std::vector<IpAddress> addresses, loopback;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    constexpr unsigned in_use = IFF_UP | IFF_RUNNING;
    if (each->ifa_addr == nullptr || (each->ifa_flags & in_use) != in_use) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const IpAddress address = address_in(*each->ifa_addr);
    if (address.is_v6() && address.is_link_local()) continue;
    (address.is_loopback() ? loopback : addresses).push_back(address);
  }
  if (addresses.empty()) addresses = std::move(loopback);
  if (addresses.empty()) addresses.push_back(IpAddress::loopback(Family::v4));
  std::ranges::sort(addresses);
  const auto same = std::ranges::unique(addresses);
  addresses.erase(same.begin(), same.end());
  return addresses;
}

}  // namespace yam::net
