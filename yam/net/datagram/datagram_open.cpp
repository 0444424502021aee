#include <cerrno>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/net/datagram/unreachable.hpp"
#include "yam/net/socket/socket_option.hpp"
#include "yam/net/socket/unix_path.hpp"

namespace yam::net {

namespace {

// A Unix address without a name: bind() then makes one up (unix(7), "Autobind feature").
SocketAddress unnamed_unix() {
  SocketAddress address;
  address.mutable_get()->sa_family = AF_UNIX;
  return address;
}

}  // namespace

Result<std::unique_ptr<DatagramSocket>> DatagramSocket::bind(Loop& loop, const SocketAddress& address,
                                                             const DatagramOptions& options) {
  auto opened = open(loop, address.family(), options);
  if (!opened) return opened;
  DatagramSocket& socket = **opened;
  if (auto bound = socket.bind_to(address, options.unix_mode); !bound) return fail(bound.error());
  if (auto attached = socket.attach(); !attached) return fail(attached.error());
  return opened;
}

Result<std::unique_ptr<DatagramSocket>> DatagramSocket::connect(Loop& loop, const SocketAddress& peer,
                                                                const DatagramOptions& options) {
  auto opened = open(loop, peer.family(), options);
  if (!opened) return opened;
  DatagramSocket& socket = **opened;
  if (options.bind || !socket.is_udp()) {
    const SocketAddress here = options.bind.value_or(unnamed_unix());
    if (auto bound = socket.bind_to_one_of(here, options); !bound) return fail(bound.error());
  }
  if (::connect(socket.socket_.get(), peer.get(), peer.size()) != 0)
    return fail_os("cannot send to " + peer.to_string(), errno);
  socket.peer_ = peer;
  if (auto attached = socket.attach(); !attached) return fail(attached.error());
  return opened;
}

Result<std::unique_ptr<DatagramSocket>> DatagramSocket::open(Loop& loop, int family,
                                                             const DatagramOptions& options) {
  Fd fd(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail_os("cannot open a datagram socket", errno);
  std::unique_ptr<DatagramSocket> socket(new DatagramSocket(loop, std::move(fd), family));
  const int raw = socket->socket_.get();
  if (options.receive_buffer_bytes > 0) set_option(raw, SOL_SOCKET, SO_RCVBUF, options.receive_buffer_bytes);
  if (options.send_buffer_bytes > 0) set_option(raw, SOL_SOCKET, SO_SNDBUF, options.send_buffer_bytes);
  if (!socket->is_udp()) return socket;
  // No SO_REUSEADDR: with UDP it lets another program take our datagrams.
  if (family == AF_INET6) set_option(raw, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  socket->tells_unreachable_ = options.tell_unreachable;
  if (options.tell_unreachable) remember_unreachable(raw, family);
  if (options.tell_called) {
    set_option(raw, IPPROTO_IP, IP_PKTINFO, 1);  // IPv4 comes to IPv6 sockets too
    if (family == AF_INET6) set_option(raw, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  }
  if (options.gro) set_option(raw, SOL_UDP, UDP_GRO, 1);  // a kernel without it gives them one by one
  if ((options.reuse_port && !set_option(raw, SOL_SOCKET, SO_REUSEPORT, 1)) ||
      (options.broadcast && !set_option(raw, SOL_SOCKET, SO_BROADCAST, 1)))
    return fail_os("cannot prepare a datagram socket", errno);
  return socket;
}

DatagramSocket::DatagramSocket(Loop& loop, Fd socket, int family)
    : socket_(std::move(socket)), watch_(loop), family_(family) {}

DatagramSocket::~DatagramSocket() {
  if (!unlink_path_.empty()) ::unlink(unlink_path_.c_str());
}

Result<void> DatagramSocket::bind_to(const SocketAddress& address, unsigned unix_mode) {
  if (auto freed = free_unix_path(address, SOCK_DGRAM); !freed) return freed;
  if (::bind(socket_.get(), address.get(), address.size()) != 0) return fail_to_bind(address, errno);
  unlink_path_ = path_of(address).value_or("");
  if (!unlink_path_.empty() && unix_mode != 0 && ::chmod(unlink_path_.c_str(), unix_mode) != 0)
    return fail_os("cannot set the mode of " + unlink_path_, errno);
  return {};
}

Result<void> DatagramSocket::bind_to_one_of(const SocketAddress& address, const DatagramOptions& options) {
  const auto place = address.ip();
  if (options.bind_ports.empty() || !place) return bind_to(address, options.unix_mode);
  for (const std::uint16_t port : options.bind_ports) {
    const auto at = SocketAddress::of({place->address, port});
    if (::bind(socket_.get(), at.get(), at.size()) == 0) return {};
    if (errno != EADDRINUSE) return fail_to_bind(at, errno);
  }
  return fail(Code::local, all_ports_in_use);
}

Result<void> DatagramSocket::attach() {
  local_ = local_address_of(socket_.get());
  if (auto attached = Watch::attach(watch_, socket_.get()); !attached) return attached;
  ask_epoll_about_room(false);
  return {};
}

}  // namespace yam::net
