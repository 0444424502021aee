#pragma once
// Building blocks of a datagram's system call, for datagram_send.cpp and datagram_answer.cpp alone:
// addressing, telling the kernel to cut (UDP_SEGMENT) or which of our addresses is the source, and what its
// answers mean.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "yam/net/socket/socket_address.hpp"

namespace yam::net::detail {

inline bool is_blocked(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

// What UDP_SEGMENT fails with that the same datagrams one by one may not: no checksums on the interface
// (EIO), a segment beyond the path's MTU (EINVAL, EMSGSIZE), an old kernel.
inline bool may_mean_no_segments(int error) {
  return error == EIO || error == EINVAL || error == EMSGSIZE || error == EOPNOTSUPP || error == ENOPROTOOPT;
}

class SendControl {
 public:
  void add_segment(msghdr& header, std::size_t segment_bytes) {
    add(header, SOL_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(segment_bytes));
  }
  // `family` is the socket's: one of IPv6 names IPv4 addresses in its own form.
  void add_source(msghdr& header, const IpAddress& source, int family) {
    if (family == AF_INET) {
      in_pktinfo told{};
      std::memcpy(&told.ipi_spec_dst, source.bytes().data(), sizeof told.ipi_spec_dst);
      add(header, IPPROTO_IP, IP_PKTINFO, told);
    } else {
      in6_pktinfo told{};
      auto* at = reinterpret_cast<std::byte*>(&told.ipi6_addr);
      if (source.is_v4()) at[10] = at[11] = std::byte{0xff};  // RFC 4291 §2.5.5.2
      std::ranges::copy(source.bytes(), at + (source.is_v4() ? 12 : 0));
      told.ipi6_ifindex = source.zone();
      add(header, IPPROTO_IPV6, IPV6_PKTINFO, told);
    }
  }

 private:
  template <class T>
  void add(msghdr& header, int level, int type, const T& told) {
    header.msg_control = bytes_.data();
    auto* control = reinterpret_cast<cmsghdr*>(bytes_.data() + header.msg_controllen);
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(sizeof told);
    std::memcpy(CMSG_DATA(control), &told, sizeof told);
    header.msg_controllen += CMSG_SPACE(sizeof told);
  }

  alignas(cmsghdr)
      std::array<std::byte, CMSG_SPACE(sizeof(std::uint16_t)) + CMSG_SPACE(sizeof(in6_pktinfo))> bytes_;
};

inline msghdr header_to(const SocketAddress* peer, iovec* parts, std::size_t count) {
  msghdr header{};
  // The kernel only reads it.
  if (peer != nullptr) header.msg_name = const_cast<sockaddr*>(peer->get());
  header.msg_namelen = peer != nullptr ? peer->size() : 0;
  header.msg_iov = parts;
  header.msg_iovlen = count;
  return header;
}

}  // namespace yam::net::detail
