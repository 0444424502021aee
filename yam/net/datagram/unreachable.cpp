#include "yam/net/datagram/unreachable.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace yam::net {

namespace {

void set_remembering(int fd, int family, int on) {
  if (family == AF_INET) {
    ::setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  } else {
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  }
}

// What a router or the host itself said; a packet too long for the path is told again by the next send.
int errno_of(msghdr& header) {
  for (cmsghdr* told = CMSG_FIRSTHDR(&header); told != nullptr; told = CMSG_NXTHDR(&header, told)) {
    const bool is_v4 = told->cmsg_level == IPPROTO_IP && told->cmsg_type == IP_RECVERR;
    const bool is_v6 = told->cmsg_level == IPPROTO_IPV6 && told->cmsg_type == IPV6_RECVERR;
    if (!is_v4 && !is_v6) continue;
    sock_extended_err error{};
    std::memcpy(&error, CMSG_DATA(told), sizeof error);
    const bool is_said = error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
    if (is_said) return static_cast<int>(error.ee_errno);
  }
  return 0;
}

}  // namespace

void remember_unreachable(int fd, int family) {
  set_remembering(fd, family, 1);
}

void ignore_unreachable(int fd, int family) {
  set_remembering(fd, family, 0);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

std::optional<int> take_unreachable(int fd) {
  constexpr std::size_t control_bytes = 512;
  alignas(cmsghdr) std::array<std::byte, control_bytes> control;
  for (;;) {
    msghdr header{};
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (::recvmsg(fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
    if (const int error = errno_of(header); error != 0) return error;
  }
}

}  // namespace yam::net
