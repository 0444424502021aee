#pragma once
// Calling somebody: TCP by Happy Eyeballs over every address of a name (RFC 8305), or a Unix socket. Says
// where the call ended up; TLS goes on top of it (net/tls/tls_stream.hpp).

#include <memory>
#include <string>
#include <vector>

#include "yam/net/fd_stream.hpp"
#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

struct DialOptions {
  Time deadline = never;
  std::string bind;               // source address as a literal; empty: the kernel chooses
  std::uint16_t source_port = 0;  // 0: the kernel chooses
};

struct Dialed {
  std::unique_ptr<FdStream> stream;
  SocketAddress local;
  SocketAddress peer;

  Dialed(std::unique_ptr<FdStream> s, SocketAddress l, SocketAddress p)
      : stream(std::move(s)), local(l), peer(p) {}
};

// How long an attempt may stay without an answer before the next address is tried beside it (RFC 8305 §5).
inline constexpr Duration connection_attempt_delay = std::chrono::milliseconds(250);

// The first to answer wins, the others are dropped. When all fail, the fault of the first address tried is
// told.
Task<Result<Dialed>> dial_tcp(Loop& loop, std::string host, std::uint16_t port, DialOptions options);
Task<Result<Dialed>> dial_unix(Loop& loop, std::string path, DialOptions options);

// RFC 8305 §4: families take turns, the first address's family first; within a family the order stays.
std::vector<IpAddress> interleaved(const std::vector<IpAddress>& addresses);

}  // namespace yam::net
