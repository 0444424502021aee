#pragma once
// What one loop of a server hosts: listeners and datagram sockets, and the visits that came of them. Every
// loop of a server has the same; the kernel deals the peers out (SO_REUSEPORT). For the loop's own thread.

#include <list>
#include <memory>
#include <vector>

#include "yam/net/loop/scope.hpp"
#include "yam/net/socket/listener.hpp"
#include "yam/net/socket/socket_address.hpp"
#include "yam/service/server/server_visit.hpp"
#include "yam/service/small/service_datagrams.hpp"

namespace yam::service {

class TftpServer;

class ServerLoop {
 public:
  // All but the limits outlive it.
  ServerLoop(net::Loop& loop, ServerShared& shared, ServerObserver& observer, const ServeLimits& limits);
  ~ServerLoop();
  ServerLoop(const ServerLoop&) = delete;
  ServerLoop& operator=(const ServerLoop&) = delete;

  // Listens at `place`, on TCP, and on UDP where the service has it. Code::local when it cannot; then
  // nothing of it is left open.
  Result<> open(const Service& service, const IpPort& place, bool reuse_port);
  // The same for what is opened already. Gives the place, with the port that the kernel chose for 0.
  Result<IpPort> open(std::shared_ptr<const Offer> offer, const IpPort& place, bool reuse_port);
  // Stops taking in peers there, and lets go of its sockets; who is there stays.
  void close(const Service& service, const IpPort& place);

  void set_limits(const ServeLimits& limits) { hosting_.limits = limits; }
  // Certificates are read again, for connections from now on; the fault of one that cannot be is told.
  void read_identities_again();

  // Takes in nobody any more, lets the visits end, and gives how many had to be cut off at the deadline. Only
  // files that have come whole then are waited for, for commit_limit at most.
  net::Task<std::size_t> leave(Time deadline);
  // After that: sockets are open still, which transfers of other loops may depend on.
  bool shares_ports() const { return !shared_.empty(); }

 private:
  struct Door;

  net::Task<> receive_visitors(Door& door);
  void receive(Door& door, net::Accepted accepted);
  void note_refusal(const Door& door, const net::SocketAddress& peer, const Error& error);

  Hosting hosting_;
  DatagramRule rule_;
  std::list<Door> doors_;
  std::vector<std::shared_ptr<TftpServer>> shared_;  // that leave, with their transfers
  net::Scope visits_;
};

}  // namespace yam::service
