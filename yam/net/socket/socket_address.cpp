#include "yam/net/socket/socket_address.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "yam/net/loop/fd.hpp"

namespace yam::net {

namespace {

// sun_path less its NUL (unix(7)).
constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

SocketAddress SocketAddress::of(const IpPort& place) {
  SocketAddress address;
  const ByteView bytes = place.address.bytes();
  if (place.address.is_v4()) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(place.port);
    std::memcpy(&in.sin_addr, bytes.data(), bytes.size());
    std::memcpy(&address.storage_, &in, sizeof in);
    address.size_ = sizeof in;
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(place.port);
    in.sin6_scope_id = place.address.zone();
    std::memcpy(&in.sin6_addr, bytes.data(), bytes.size());
    std::memcpy(&address.storage_, &in, sizeof in);
    address.size_ = sizeof in;
  }
  return address;
}

Result<SocketAddress> SocketAddress::of_unix(std::string_view path) {
  if (path.empty()) return fail(Code::usage, "a Unix socket needs a path");
  if (path.size() > path_bytes_max)
    return fail(Code::usage, "the path of a Unix socket is longer than " + std::to_string(path_bytes_max) +
                                 " bytes: " + std::string(path));
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  std::memcpy(un.sun_path, path.data(), path.size());
  const bool is_abstract = path.front() == '@';
  if (is_abstract) un.sun_path[0] = '\0';
  SocketAddress address;
  std::memcpy(&address.storage_, &un, sizeof un);
  // An abstract name is exactly as long as it is; a path ends with its NUL.
  address.size_ =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (is_abstract ? 0 : 1));
  return address;
}

std::optional<IpPort> SocketAddress::ip() const {
  if (family() == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &storage_, sizeof in);
    IpAddress::V4Bytes bytes;
    std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
    return IpPort{IpAddress::v4(bytes), ntohs(in.sin_port)};
  }
  if (family() == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, &storage_, sizeof in);
    IpAddress::V6Bytes bytes;
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return IpPort{IpAddress::v6(bytes, in.sin6_scope_id).unmapped(), ntohs(in.sin6_port)};
  }
  return std::nullopt;
}

std::string SocketAddress::to_string() const {
  if (const auto place = ip()) return place->to_string();
  if (family() != AF_UNIX) return "nowhere";
  const auto* un = reinterpret_cast<const sockaddr_un*>(&storage_);
  const std::size_t length =
      size_ > offsetof(sockaddr_un, sun_path) ? size_ - offsetof(sockaddr_un, sun_path) : 0;
  std::string path(un->sun_path, length);
  if (!path.empty() && path.front() == '\0') {
    path.front() = '@';
  } else if (const auto end = path.find('\0'); end != std::string::npos) {
    path.resize(end);
  }
  return "unix:" + path;
}

bool SocketAddress::operator==(const SocketAddress& other) const {
  if (family() != other.family()) return false;
  if (ip()) return ip() == other.ip();
  return size_ == other.size_ && std::memcmp(&storage_, &other.storage_, size_) == 0;
}

SocketAddress local_address_of(int fd) {
  SocketAddress address;
  socklen_t size = SocketAddress::capacity();
  if (::getsockname(fd, address.mutable_get(), &size) == 0)
    address.set_size(std::min(size, SocketAddress::capacity()));
  return address;
}

SocketAddress peer_address_of(int fd) {
  SocketAddress address;
  socklen_t size = SocketAddress::capacity();
  if (::getpeername(fd, address.mutable_get(), &size) == 0)
    address.set_size(std::min(size, SocketAddress::capacity()));
  return address;
}

bool is_here(const IpAddress& address) {
  const IpPort any_port{address, 0};
  const auto place = SocketAddress::of(any_port);
  const Fd probe(::socket(place.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return probe && ::bind(probe.get(), place.get(), place.size()) == 0;
}

IpAddress every_address() {
  const IpAddress both = IpAddress::any(Family::v6);
  return is_here(both) ? both : IpAddress::any(Family::v4);
}

}  // namespace yam::net
