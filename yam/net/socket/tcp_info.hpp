#pragma once
// What the kernel knows of a TCP connection's path: round trips and what had to be sent again (TCP_INFO).

#include <optional>

#include "yam/base/ladder.hpp"

namespace yam::net {

// Nothing when `fd` is no TCP socket.
std::optional<PathState> path_state_of(int fd);

}  // namespace yam::net
