#pragma once
// One end of a TFTP transfer: it talks to one peer. Either over a UDP socket of its own (RFC 1350 §4: the
// pair of ports is the transfer's identity; whoever else sends to it is told so, and not heard), or over a
// listening socket that it shares with others, whose owner hands over what comes from the peer (deliver). It
// repeats and orders nothing: that is the work of the machines in proto/tftp.
//
// All ports of a loop share one TftpScratch: what was received there is gone once anybody waits again.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/service/tftp/read_ahead.hpp"
#include "yam/service/tftp/tftp_inbox.hpp"
#include "yam/service/tftp/tftp_tap.hpp"

namespace yam::service {

// What the transfers of one loop borrow for the moment.
struct TftpScratch {
  static constexpr std::size_t run_blocks_max = 256;  // that are gathered at once

  net::DatagramBatch batch;
  Bytes delivered;  // as TftpInbox::take gave it
  std::array<std::array<std::byte, proto::tftp::header_bytes>, run_blocks_max> headers;
  std::vector<ByteView> pieces;  // of DATA to send
  std::vector<ByteView> blocks;  // that came
  ReadAhead ahead;
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
  // Talks to `peer` over `socket`, which outlives it, from the address `called` where that is known; hears
  // what deliver() hands over.
  static std::unique_ptr<TftpPort> share(net::Loop& loop, TftpScratch& scratch, net::DatagramSocket& socket,
                                         const net::SocketAddress& peer,
                                         const std::optional<IpAddress>& called);
  TftpPort(const TftpPort&) = delete;
  TftpPort& operator=(const TftpPort&) = delete;

  // `peer` has answered: the transfer is with that port, and with no other from now on.
  void settle(const net::SocketAddress& peer);
  // A packet of the peer, which came to the shared socket. Passed over by a port with a socket of its own.
  void deliver(ByteView packet) {
    if (inbox_) inbox_->put(packet);
  }
  // Watches from now on, and outlives the port; null: nobody does.
  void set_tap(TftpTap* tap) { tap_ = tap; }

  // co_await port.receive(deadline), and then hear() before anything else is awaited. Result<size_t>:
  // Code::timeout; another fault is what befell an earlier packet (note_fault).
  class Receive;
  Receive receive(Time deadline);
  // f(ByteView packet, const SocketAddress& sender) for each packet of the peer.
  template <class F>
  void hear(F f);

  // co_await port.send(packet): to the peer, once there is room. Result<size_t>; faults as
  // DatagramSocket::send's.
  class Send;
  Send send(ByteView packet);
  // One packet, if there is room for it.
  net::Attempt try_send(ByteView packet);
  // Of packets of `packet_bytes` each, the last maybe shorter, what goes out at once; `at` goes on. Each
  // begins with a piece of its own. Nothing when there is no room: wait for it, and gather the pieces again.
  net::Attempt try_send_run(std::span<const ByteView> pieces, std::size_t packet_bytes,
                            net::DatagramSocket::Progress& at);
  // co_await port.room(): there may be some.
  class Room;
  Room room();
  // An ERROR to somebody else, if there is room for it.
  void send_error_to(const net::SocketAddress& whom, proto::tftp::ErrorCode code, std::string_view text);

  // How many blocks of that length may be on their way to us without being lost here: at least one.
  std::size_t blocks_held(std::size_t block_bytes) const;

  // Sending or receiving failed, and nothing came since: true once the peer counts as gone.
  bool note_fault() { return ++faults_ >= faults_max; }

  net::Loop& loop() const { return loop_; }
  int fd() const { return socket_.fd(); }  // for socket options; borrowed
  TftpScratch& scratch() { return scratch_; }
  const net::SocketAddress& peer() const { return peer_; }
  const net::SocketAddress& local_address() const { return socket_.local_address(); }

 private:
  TftpPort(net::Loop& loop, TftpScratch& scratch, std::unique_ptr<net::DatagramSocket> socket,
           const net::SocketAddress& peer);
  TftpPort(net::Loop& loop, TftpScratch& scratch, net::DatagramSocket& socket, const net::SocketAddress& peer,
           const std::optional<IpAddress>& called);

  bool is_from_peer(const net::SocketAddress& sender) const;
  void turn_away(const net::SocketAddress& sender);
  void note_received(ByteView packet);
  void note_sent(std::span<const ByteView> pieces, std::size_t packet_bytes, std::size_t first,
                 std::size_t end);
  void expect_room(net::Waiter& waiter);

  net::Loop& loop_;
  TftpScratch& scratch_;
  std::unique_ptr<net::DatagramSocket> own_;
  std::unique_ptr<TftpInbox> inbox_;  // of a shared socket
  net::DatagramSocket& socket_;
  net::SocketAddress peer_;
  std::optional<IpAddress> source_;  // of a shared socket
  TftpTap* tap_ = nullptr;
  bool settled_ = true;
  std::uint8_t faults_ = 0;
};

template <class F>
void TftpPort::hear(F f) {
  if (inbox_) {
    scratch_.delivered = inbox_->take();
    TftpInbox::each_packet(scratch_.delivered, [&](ByteView packet) {
      note_received(packet);
      f(packet, peer_);
    });
    return;
  }
  const net::SocketAddress* last = nullptr;  // of datagrams that the kernel joined all have the same
  bool is_ours = false;
  for (const net::Datagram datagram : scratch_.batch) {
    if (last != &datagram.sender) is_ours = is_from_peer(datagram.sender);
    last = &datagram.sender;
    if (is_ours) {
      note_received(datagram.bytes);
      f(datagram.bytes, datagram.sender);
    } else {
      turn_away(datagram.sender);
    }
  }
}

class [[nodiscard]] TftpPort::Receive {
 public:
  Receive(TftpPort& port, Time deadline);

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<std::size_t> await_resume();

 private:
  TftpPort& port_;
  std::variant<std::monostate, net::DatagramSocket::Receive, net::Event::Wait> wait_;
};

// Where the socket is shared, epoll can wake one sender alone: the clock wakes all of them.
class [[nodiscard]] TftpPort::Room final : public net::Waiter {
 public:
  explicit Room(TftpPort& port) : Waiter(port.loop_.timers()), port_(port) {}
  ~Room() { port_.socket_.watch().forget(*this); }

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    port_.expect_room(*this);
  }
  void await_resume() const {}
  void run() override { waiting_.resume(); }

 private:
  TftpPort& port_;
  std::coroutine_handle<> waiting_;
};

class [[nodiscard]] TftpPort::Send final : public net::Waiter {
 public:
  Send(TftpPort& port, ByteView packet);
  ~Send() { port_.socket_.watch().forget(*this); }

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<std::size_t> await_resume() { return std::move(*outcome_); }
  void run() override;

 private:
  void attempt();

  TftpPort& port_;
  ByteView packet_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
  net::Attempt outcome_;
};

}  // namespace yam::service
