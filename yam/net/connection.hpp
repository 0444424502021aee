#pragma once
// Any endpoint as a stream: called with call(), waited for with an Acceptor. What the endpoint's options say
// about TLS, source addresses and time is done here; the stream that comes out needs no more knowledge of its
// kind.

#include <memory>
#include <optional>
#include <string>

#include "yam/base/address/endpoint.hpp"
#include "yam/net/child.hpp"
#include "yam/net/datagram/datagram_peers.hpp"
#include "yam/net/socket/listener.hpp"
#include "yam/net/tls/tls_stream.hpp"

namespace yam::net {

struct Connection {
  Connection() = default;

  std::string peer;   // "127.0.0.1:7007", "unix:/run/x", "exec:cat"
  std::string local;  // the same of our end; empty where there is none
  std::optional<TlsFacts> tls;
  std::optional<int> tcp;                 // for TCP_INFO; the stream's own, not to be closed
  std::unique_ptr<DatagramPeers> socket;  // of a called datagram peer
  std::unique_ptr<Child> child;           // of exec:
  std::unique_ptr<Stream> stream;         // last: it goes first
};

// How long connecting, and a TLS handshake, may take unless ?timeout= or --timeout says otherwise.
inline constexpr Duration connect_timeout_default = std::chrono::seconds(30);

struct CallOptions {
  CallOptions() = default;
  Duration timeout = connect_timeout_default;
  Identity identity;  // shown when the TLS peer asks and no ?cert= is given; may be empty
};

// Calls `endpoint`; the faults are those of what it calls, with the words of who was called. `children`
// outlives the connection.
Task<Result<Connection>> call(Loop& loop, Children& children, Endpoint endpoint, CallOptions options);

struct AcceptorOptions {
  AcceptorOptions() = default;
  bool reuse_port = false;  // several loops share the address
  Identity identity;        // for TLS without ?cert=
  DatagramPlaces places;    // for datagram peers; connections wait in the kernel until accept() is called
};

class Acceptor {
 public:
  // tcp, tls, udp, unix and unixgram endpoints; the others cannot be waited for (Code::usage).
  static Task<Result<std::unique_ptr<Acceptor>>> open(Loop& loop, Endpoint endpoint, AcceptorOptions options);

  // The next connection, before any handshake, so that a slow peer keeps nobody waiting.
  Task<Result<Connection>> accept();
  // Does what is left to do: the TLS handshake, within `timeout`.
  Task<Result<Connection>> welcome(Connection connection, Duration timeout);

  // Takes no more connections: those who call are refused from now on. A datagram socket, which its peers
  // share, stays.
  void stop() { listener_.reset(); }

  // Datagrams that came and found no room.
  std::uint64_t lost() const { return datagrams_ ? datagrams_->lost() : 0; }

  // Where it really waits, as an endpoint: "tls://127.0.0.1:40121".
  std::string address() const;
  // The port, when there is one.
  std::uint16_t port() const;

 private:
  Acceptor(Loop& loop, Endpoint endpoint) : loop_(loop), endpoint_(std::move(endpoint)) {}
  Result<void> listen(const SocketAddress& address, const AcceptorOptions& options);

  Loop& loop_;
  Endpoint endpoint_;
  SocketAddress address_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<DatagramPeers> datagrams_;
  std::shared_ptr<const TlsContext> tls_;  // shared with the connections it has welcomed
};

}  // namespace yam::net
