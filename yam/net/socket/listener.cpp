#include "yam/net/socket/listener.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/net/socket/socket_option.hpp"
#include "yam/net/socket/unix_path.hpp"

namespace yam::net {

namespace {

// Faults of the connection that was next in line, not of the listener (accept(2), "Error handling").
bool concerns_one_connection(int error) {
  switch (error) {
    case ECONNABORTED:
    case EINTR:
    case EPERM:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(Loop& loop, const SocketAddress& address,
                                                 ListenOptions options) {
  const std::string what = "cannot listen on " + address.to_string();
  Fd socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail_os(what, errno);
  if (address.family() == AF_UNIX) {
    if (auto freed = free_unix_path(address, SOCK_STREAM); !freed) return fail(freed.error());
  } else {
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (options.reuse_port) set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
    if (address.family() == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  }
  if (::bind(socket.get(), address.get(), address.size()) != 0) return fail_to_bind(address, errno);
  if (::listen(socket.get(), options.backlog) != 0) return fail_os(what, errno);

  const SocketAddress bound = local_address_of(socket.get());
  std::unique_ptr<Listener> listener(new Listener(loop, std::move(socket), bound));
  if (const auto path = path_of(address)) {
    listener->unlink_path_ = *path;
    if (options.unix_mode != 0 && ::chmod(path->c_str(), options.unix_mode) != 0)
      return fail_os("cannot set the mode of " + *path, errno);
  }
  if (auto attached = Watch::attach(listener->watch_, listener->socket_.get()); !attached)
    return fail(attached.error());
  return listener;
}

Listener::Listener(Loop& loop, Fd socket, SocketAddress address)
    : loop_(loop), socket_(std::move(socket)), watch_(loop), address_(address) {}

Listener::~Listener() {
  if (!unlink_path_.empty()) ::unlink(unlink_path_.c_str());
}

Task<Result<Accepted>> Listener::accept() {
  for (;;) {
    co_await watch_.readable();
    SocketAddress peer;
    socklen_t size = SocketAddress::capacity();
    Fd connection(::accept4(socket_.get(), peer.mutable_get(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const int error = errno;
    if (connection) {
      peer.set_size(size);
      auto stream = FdStream::over_socket(loop_, std::move(connection));
      if (stream) co_return Accepted(std::move(*stream), peer);
      co_await loop_.sleep_for(pause_without_descriptors);
    } else if (error == EAGAIN || error == EWOULDBLOCK) {
      watch_.drained();
    } else if (is_shortage(error)) {
      co_await loop_.sleep_for(pause_without_descriptors);
    } else if (!concerns_one_connection(error)) {
      co_return fail_os("cannot accept on " + address_.to_string(), error);
    }
  }
}

}  // namespace yam::net
