#pragma once
// Where a socket is, as the kernel writes it: an IP address and port, or a Unix path. A plain value.

#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>

#include "yam/base/address/ip.hpp"
#include "yam/base/result.hpp"

namespace yam::net {

class SocketAddress {
 public:
  // No address at all: what an unnamed Unix peer has.
  SocketAddress() = default;

  static SocketAddress of(const IpPort& place);
  // `@name` is the abstract namespace. Code::usage when the path is empty or too long.
  static Result<SocketAddress> of_unix(std::string_view path);

  std::optional<IpPort> ip() const;  // IPv4-mapped addresses come as the IPv4 address they hold
  int family() const { return storage_.ss_family; }

  // "127.0.0.1:80", "[::1]:80", "unix:/run/x", "unix:@name", "unix:" for a peer without a name.
  std::string to_string() const;

  // For system calls. After one that fills the address in, tell it how long it became.
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* mutable_get() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  static constexpr socklen_t capacity() { return sizeof(sockaddr_storage); }
  void set_size(socklen_t size) { size_ = size; }

  bool operator==(const SocketAddress& other) const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(sa_family_t);
};

// getsockname and getpeername; an unnamed address when the kernel has none.
SocketAddress local_address_of(int fd);
SocketAddress peer_address_of(int fd);

// Whether this machine has the address, and its family at all. The kernel is asked for a port of its choice,
// so that a port in use is not mistaken for it.
bool is_here(const IpAddress& address);
// To listen on all of this machine's: dual stack where there is IPv6, every IPv4 address where there is none.
IpAddress every_address();

}  // namespace yam::net
