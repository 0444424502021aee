#pragma once
// "Port unreachable" for a UDP socket that hears from everybody: the kernel tells such a socket only when it
// is asked to, and apart from the datagrams (ip(7), IP_RECVERR). Sending may then fail with it too.

#include <optional>

namespace yam::net {

void remember_unreachable(int fd, int family);
// And what was not taken is forgotten.
void ignore_unreachable(int fd, int family);

// What befell a datagram on its way: an errno value, ECONNREFUSED or EHOSTUNREACH; nothing when nothing did.
std::optional<int> take_unreachable(int fd);

}  // namespace yam::net
