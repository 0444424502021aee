#pragma once
// The small services on UDP: each datagram is answered by one, or by none (discard). Nothing is answered that
// could come from another such service, or two of them would talk to each other for ever (RFC 862 and its
// kin answer anything): not source ports below 1024, where echo, daytime, chargen and time live, not the
// ports that yam itself gives such services, not those of this process.

#include <bitset>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/service/server/server_visit.hpp"

namespace yam::service {

class DatagramRule {
 public:
  static constexpr std::uint16_t privileged_ports = 1024;

  DatagramRule();

  // A service of this process listens there.
  void add(std::uint16_t port) { refused_.set(port); }
  bool allows(const net::SocketAddress& sender) const;
  bool allows_all(const net::DatagramBatch& batch) const;

 private:
  std::bitset<65'536> refused_;
};

// Answers until it is cancelled; what cannot be sent is not repeated, and what `rule` refuses is told of.
// Ends when the socket fails. `rule` outlives it, and may learn and forget ports.
net::Task<> answer_datagrams(Hosting& hosting, ServiceKind kind, DatagramRule& rule,
                             net::DatagramSocket& socket);

}  // namespace yam::service
