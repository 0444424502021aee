#pragma once
// One end of a TFTP transfer: a UDP socket of its own that talks to one peer (RFC 1350 §4: the pair of ports
// is the transfer's identity). Whoever else sends to it is told so, and not heard. It repeats and orders
// nothing: that is the work of the machines in proto/tftp.
//
// All ports of a loop share one TftpScratch: what was received there is gone once anybody waits again.

#include <memory>
#include <optional>
#include <string_view>
#include <sys/uio.h>
#include <vector>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/proto/tftp/packet.hpp"

namespace yam::service {

// What the transfers of one loop borrow for the moment, beside the loop's own scratch (which DATA leaves
// from).
struct TftpScratch {
  static constexpr std::size_t parts_max = 512;  // blocks that are read at once

  TftpScratch() : parts(parts_max) {}

  net::DatagramBatch batch;
  std::vector<iovec> parts;
  std::vector<ByteView> blocks;
};

class TftpPort {
 public:
  // Faults in a row, with no packet between, after which the peer counts as gone: an "unreachable" may be
  // about a moment.
  static constexpr unsigned faults_max = 3;
  static constexpr std::string_view gone = "nobody listens at the peer's port any more";
  static constexpr Duration send_limit = std::chrono::seconds(1);  // for room in a full socket

  // Talks to `peer` alone, and learns when nobody is there any more: a server's end. `options.bind` is the
  // address that the peer called, and the port: 0, or one of a range. Code::local.
  static Result<std::unique_ptr<TftpPort>> connect(net::Loop& loop, TftpScratch& scratch,
                                                   const net::SocketAddress& peer,
                                                   const net::DatagramOptions& options = {});
  // Calls `server`, which answers from another port: a client's end. Until settle() it hears that host's
  // every port, and sends to `server`. Code::local.
  static Result<std::unique_ptr<TftpPort>> call(net::Loop& loop, TftpScratch& scratch,
                                                const net::SocketAddress& server,
                                                const net::DatagramOptions& options = {});
  // `peer` has answered: the transfer is with that port, and with no other from now on.
  void settle(const net::SocketAddress& peer);

  // co_await port.receive(deadline), and then hear() before anything else is awaited. Code::timeout; another
  // fault is what befell an earlier packet (note_fault).
  net::DatagramSocket::Receive receive(Time deadline) { return socket_->receive(scratch_.batch, deadline); }
  // f(ByteView packet, const SocketAddress& sender) for each packet of the peer.
  template <class F>
  void hear(F f) {
    for (const net::Datagram datagram : scratch_.batch) {
      if (is_from_peer(datagram.sender)) {
        faults_ = 0;
        f(datagram.bytes, datagram.sender);
      } else {
        turn_away(datagram.sender);
      }
    }
  }

  // co_await port.send(packet): to the peer. Faults as DatagramSocket::send's.
  net::DatagramSocket::Send send(ByteView packet);
  // Of packets of `packet_bytes` each, the last maybe shorter, what goes out at once; `at` goes on. Nothing
  // when there is no room: wait for it, and fill the scratch again.
  net::Attempt try_send_run(ByteView packets, std::size_t packet_bytes, net::DatagramSocket::Progress& at);
  // co_await port.room()
  net::Watch::Readiness room();
  // An ERROR to somebody else, if there is room for it.
  void send_error_to(const net::SocketAddress& whom, proto::tftp::ErrorCode code, std::string_view text);

  // Sending or receiving failed, and nothing came since: true once the peer counts as gone.
  bool note_fault() { return ++faults_ >= faults_max; }

  net::Loop& loop() const { return loop_; }
  int fd() const { return socket_->fd(); }  // for socket options; borrowed
  TftpScratch& scratch() { return scratch_; }
  const net::SocketAddress& peer() const { return peer_; }
  const net::SocketAddress& local_address() const { return socket_->local_address(); }

 private:
  TftpPort(net::Loop& loop, TftpScratch& scratch, std::unique_ptr<net::DatagramSocket> socket,
           const net::SocketAddress& peer);

  bool is_from_peer(const net::SocketAddress& sender) const;
  void turn_away(const net::SocketAddress& sender);
  const net::SocketAddress* destination() const { return socket_->peer() ? nullptr : &peer_; }

  net::Loop& loop_;
  TftpScratch& scratch_;
  std::unique_ptr<net::DatagramSocket> socket_;
  net::SocketAddress peer_;
  bool settled_ = true;
  std::uint8_t faults_ = 0;
};

}  // namespace yam::service
