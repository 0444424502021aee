#include "yam/net/socket/path_mtu.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include "yam/net/loop/fd.hpp"

namespace yam::net {

std::optional<std::size_t> path_mtu_to(const SocketAddress& peer) {
  const Fd socket(::socket(peer.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), peer.get(), peer.size()) != 0) return std::nullopt;
  int mtu = 0;
  socklen_t size = sizeof mtu;
  const bool is_v4 = peer.family() == AF_INET;
  const int known = is_v4 ? ::getsockopt(socket.get(), IPPROTO_IP, IP_MTU, &mtu, &size)
                          : ::getsockopt(socket.get(), IPPROTO_IPV6, IPV6_MTU, &mtu, &size);
  if (known != 0 || mtu <= 0) return std::nullopt;
  return static_cast<std::size_t>(mtu);
}

}  // namespace yam::net
