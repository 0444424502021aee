#pragma once
// How long a packet may be on the way to a place, as far as the routing table and what routers said before
// can tell. Nothing is sent.

#include <cstddef>
#include <optional>

#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

// With its IP header; absent when there is no route.
std::optional<std::size_t> path_mtu_to(const SocketAddress& peer);

}  // namespace yam::net
