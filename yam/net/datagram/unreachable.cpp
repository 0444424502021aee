#include "yam/net/datagram/unreachable.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace yam::net {

namespace {

// Not what our own kernel says of its own: the send has failed with that.
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
  const int on = 1;
  if (family == AF_INET) {
    ::setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  } else {
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  }
}

std::optional<Unreachable> take_unreachable(int fd) {
  constexpr std::size_t control_bytes = 512;
  alignas(cmsghdr) std::array<std::byte, control_bytes> control;
  for (;;) {
    Unreachable told;
    msghdr header{};
    header.msg_name = told.target.mutable_get();
    header.msg_namelen = SocketAddress::capacity();
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (::recvmsg(fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
    told.target.set_size(header.msg_namelen);
    told.error = errno_of(header);
    if (told.error != 0) return told;
  }
}

}  // namespace yam::net
