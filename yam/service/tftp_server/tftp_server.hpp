#pragma once
// Answers TFTP requests at one socket: each gets a transfer of its own, on a port of its own (RFC 1350 §4)
// or, where it is told so, at this very socket. What a client sends again is the request that it repeats.
// Nothing but requests and peers of transfers is answered here, so that two servers cannot talk to each
// other. For the loop's own thread.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "yam/net/loop/scope.hpp"
#include "yam/service/server/server_refusals.hpp"
#include "yam/service/server/server_visit.hpp"
#include "yam/service/tftp/tftp_port.hpp"
#include "yam/service/tftp_server/tftp_files.hpp"
#include "yam/service/tftp_server/tftp_port_range.hpp"

namespace yam::service {

class TftpTransfer;

// Who asked, and which of our addresses, where that is known.
struct TftpCaller {
  IpPort peer;
  std::optional<IpAddress> called;
};

// Shared by the place where it listens and its transfers, which may outlive that.
class TftpServer : public std::enable_shared_from_this<TftpServer> {
 public:
  // What requests a loop lets wait: a boot storm's come within a moment.
  static constexpr int receive_buffer_bytes = 4 * 1024 * 1024;
  // What waits to leave from a socket that transfers share.
  static constexpr int send_buffer_bytes = 4 * 1024 * 1024;
  // After the system could not receive, out of memory for example.
  static constexpr Duration fault_pause = std::chrono::milliseconds(50);

  // What the socket is to be like, for this service.
  static net::DatagramOptions socket_options(const Service& service, bool reuse_port);

  // Transfers run in `visits`, which goes before hosting does.
  TftpServer(Hosting& hosting, std::shared_ptr<const Offer> offer, net::Scope& visits,
             std::unique_ptr<net::DatagramSocket> socket);

  // Once it is owned by a shared_ptr.
  void begin() { receiving_.spawn(receive_packets()); }
  // The whole server stops: requests are refused from now on, transfers go on to their end, those that share
  // the socket too.
  void leave();
  // The place is wanted for something else: the socket goes at once, and with it the transfers that share it.
  void close();
  bool is_leaving() const { return leaving_; }

  Hosting& hosting() const { return hosting_; }
  const Service& service() const { return offer_->service; }
  TftpFiles& files() { return files_; }
  // For a transfer, as the service wants them. `lease` holds what the port has of a range, for as long as the
  // port is there. Code::local when there is none to be had.
  Result<std::unique_ptr<TftpPort>> open_port(const TftpCaller& caller, net::DatagramOptions options,
                                              TftpPortRange::Lease& lease);
  // Where he called: as the socket tells, else where it listens.
  IpPort place_of(const TftpCaller& caller) const;
  // What comes from `peer` is for that transfer, in place of one before it, until it is forgotten.
  void add_transfer(const IpPort& peer, TftpTransfer& transfer) { transfers_[peer] = &transfer; }
  // Nothing, where another one has its place.
  void forget_transfer(const IpPort& peer, const TftpTransfer& transfer);
  // From the listening socket, if there is room: to who has no transfer, or no port.
  void say_error(const TftpCaller& caller, proto::tftp::ErrorCode code, std::string_view text);

 private:
  net::Task<> receive_packets();
  void handle_packet(const net::Datagram& datagram);
  void note_fault(const Error& error);
  void note_refusal(const net::SocketAddress& peer, const Error& error);

  Hosting& hosting_;
  std::shared_ptr<const Offer> offer_;
  net::Scope& visits_;
  TftpScratch scratch_;
  Refusals faults_;
  bool leaving_ = false;
  TftpFiles files_;
  std::map<IpPort, TftpTransfer*> transfers_;
  std::optional<TftpPortRange> range_;
  std::unique_ptr<net::DatagramSocket> socket_;  // gone when the server leaves, unless transfers share it
  net::Scope receiving_;                         // last: cancelled before what it uses
};

}  // namespace yam::service
