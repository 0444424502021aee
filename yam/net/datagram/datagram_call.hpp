#pragma once
// Building blocks of a datagram's system call, for datagram_send.cpp and datagram_answer.cpp alone:
// addressing, telling the kernel to cut (UDP_SEGMENT), and what its answers mean.

#include <array>
#include <cerrno>
#include <cstring>
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

struct SegmentControl {
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(std::uint16_t))> bytes;

  void put_into(msghdr& header, std::size_t segment_bytes) {
    header.msg_control = bytes.data();
    header.msg_controllen = bytes.size();
    const auto told = static_cast<std::uint16_t>(segment_bytes);
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof told);
    std::memcpy(CMSG_DATA(control), &told, sizeof told);
  }
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
