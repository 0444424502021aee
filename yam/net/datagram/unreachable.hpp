#pragma once
// "Port unreachable" for a UDP socket that hears from everybody: the kernel tells such a socket only when it
// is asked to, and apart from the datagrams (ip(7), IP_RECVERR). Sending may then fail with it too.

#include <optional>

#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

void remember_unreachable(int fd, int family);

// What befell a datagram on its way, as a router or its target said.
struct Unreachable {
  int error = 0;  // an errno value: ECONNREFUSED, EHOSTUNREACH, or EMSGSIZE, which the next one knows of
  SocketAddress target;
};
// The oldest that was not taken; nothing when all arrived, or nobody said.
std::optional<Unreachable> take_unreachable(int fd);

}  // namespace yam::net
