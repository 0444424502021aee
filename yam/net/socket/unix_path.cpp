#include "yam/net/socket/unix_path.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/net/loop/fd.hpp"

namespace yam::net {

namespace {

constexpr std::uint16_t first_unprivileged_port = 1024;

}  // namespace

std::optional<std::string> path_of(const SocketAddress& address) {
  if (address.family() != AF_UNIX) return std::nullopt;
  std::string path = address.to_string().substr(std::string_view("unix:").size());
  if (path.empty() || path.front() == '@') return std::nullopt;
  return path;
}

Result<void> free_unix_path(const SocketAddress& address, int socket_type) {
  const auto path = path_of(address);
  struct stat status{};
  if (!path || ::lstat(path->c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode))
    return fail(Code::local, "cannot bind unix:" + *path + ": the file there is not a socket");
  const Fd probe(::socket(AF_UNIX, socket_type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (::connect(probe.get(), address.get(), address.size()) == 0 || errno != ECONNREFUSED)
    return fail(Code::local, "cannot bind unix:" + *path + ": address already in use");
  ::unlink(path->c_str());
  return {};
}

std::unexpected<Error> fail_to_call(const SocketAddress& address, int errno_value) {
  auto fault = fail_os("cannot connect to " + address.to_string(), errno_value);
  const bool is_nobody = errno_value == ENOENT || errno_value == ECONNREFUSED;
  if (address.family() != AF_UNIX || !is_nobody) return fault;
  fault.error().code = Code::network;
  fault.error().hint = errno_value == ENOENT ? "nobody listens there: there is no such socket"
                                             : "nobody listens there any more: its program has ended";
  return fault;
}

std::unexpected<Error> fail_to_bind(const SocketAddress& address, int errno_value) {
  std::string hint;
  const auto place = address.ip();
  if (errno_value == EACCES && place && place->port < first_unprivileged_port)
    hint = "ports below 1024 need CAP_NET_BIND_SERVICE; choose a higher one";
  if (errno_value == EADDRINUSE && place)
    hint = "another program has this port; `ss -lnp` shows which, port 0 takes a free one";
  if (errno_value == EADDRNOTAVAIL) hint = "no interface of this machine has this address";
  return fail(Code::local, fail_os("cannot bind " + address.to_string(), errno_value).error().what, hint);
}

}  // namespace yam::net
