#pragma once
// Waits for connections on one address, TCP or Unix, and gives them out one by one. When the process runs out
// of descriptors the waiting connections stay in the kernel's queue and are taken once there is room again.

#include <memory>

#include "yam/net/fd_stream.hpp"
#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

struct ListenOptions {
  bool reuse_port = false;  // several loops, each with a listener of its own, share the address
  int backlog = 4096;       // connections that the kernel keeps for us (capped by net.core.somaxconn)
  unsigned unix_mode = 0;   // permission bits of a Unix socket's file; 0 leaves the umask's
};

struct Accepted {
  std::unique_ptr<FdStream> stream;
  SocketAddress peer;

  Accepted(std::unique_ptr<FdStream> s, SocketAddress p) : stream(std::move(s)), peer(p) {}
};

class Listener {
 public:
  // How long to wait when descriptors ran out, unless one is given back earlier.
  static constexpr Duration pause_without_descriptors = std::chrono::milliseconds(20);

  // An IPv6 any-address takes IPv4 too. A Unix socket file whose listener is gone is replaced, a live one is
  // "address already in use"; ours is removed at the end. Faults: Code::local, or usage for a bad address.
  static Result<std::unique_ptr<Listener>> open(Loop& loop, const SocketAddress& address,
                                                ListenOptions options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The next connection. Faults of a single connection are passed over; what remains is ours (Code::local).
  Task<Result<Accepted>> accept();

  // Where it listens, with the port that the kernel chose.
  const SocketAddress& address() const { return address_; }

 private:
  Listener(Loop& loop, Fd socket, SocketAddress address);

  Loop& loop_;
  Fd socket_;
  Watch watch_;
  SocketAddress address_;
  std::string unlink_path_;
};

}  // namespace yam::net
