#pragma once
// The file behind a Unix socket: a stale one is taken away before binding, a live one is not. Shared by
// listeners and datagram sockets, with the words for a bind or a call that failed.

#include <optional>
#include <string>

#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

// The path of a Unix socket in the file system; nothing for abstract names and IP addresses.
std::optional<std::string> path_of(const SocketAddress& address);

// Removes the socket file at `address` when nobody listens there any more. Code::local when somebody does, or
// when something other than a socket is in the way. `socket_type` is SOCK_STREAM or SOCK_DGRAM.
Result<void> free_unix_path(const SocketAddress& address, int socket_type);

// "cannot bind 0.0.0.0:69: permission denied", with the hint that fits.
std::unexpected<Error> fail_to_bind(const SocketAddress& address, int errno_value);

// "cannot connect to unix:PATH: no such file or directory". That nobody waits behind a path, with a socket
// left there or without, is Code::network as it is for a port.
std::unexpected<Error> fail_to_call(const SocketAddress& address, int errno_value);

}  // namespace yam::net
