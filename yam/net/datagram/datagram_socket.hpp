#pragma once
// One socket for datagrams, UDP or Unix: what is sent as one arrives as one, or not at all. Receives in
// batches, answers batches, and sends runs of equal datagrams with as few system calls as the kernel allows.
// It repeats nothing and keeps no order: that is the protocol's work.
//
// A socket belongs to one loop; one task may wait to receive and one to send at a time. Everything handed to
// an awaitable is borrowed until it has been awaited.

#include <memory>
#include <optional>
#include <string>

#include "yam/net/datagram/datagram_batch.hpp"
#include "yam/net/stream.hpp"

namespace yam::net {

// Of a list to bind to, or to take from.
inline constexpr const char* all_ports_in_use = "all ports are in use";

struct DatagramOptions {
  std::optional<SocketAddress> bind = {};  // connect() only: where to call from; else the kernel chooses
  // With bind: the first of these that is free, in place of its own port; else all_ports_in_use.
  std::span<const std::uint16_t> bind_ports = {};
  bool reuse_port = false;  // several loops, each with a socket of its own, share the address
  bool broadcast = false;   // may send to broadcast addresses
  // bind() of UDP only: a receive fails when what was sent before could not reach its target.
  bool tell_unreachable = false;
  bool gro = false;  // let the kernel join datagrams, for bulk (Linux 5.0)
  // Each datagram says which of our addresses it was sent to, and answers leave from there: for one who
  // listens at every address of a machine that has several.
  bool tell_called = false;
  int receive_buffer_bytes = 0;  // 0: the system's default; the kernel caps it at net.core.rmem_max
  int send_buffer_bytes = 0;
  unsigned unix_mode = 0;  // permission bits of a bound Unix socket's file; 0 leaves the umask's
};

class DatagramSocket {
 public:
  // How long a send waits where the kernel does not tell when it may go on: its own buffers ran out
  // (ENOBUFS), or the queue of a Unix peer that we are not connected to is full.
  static constexpr Duration pause_without_room = std::chrono::milliseconds(1);
  // What UDP_SEGMENT takes in one call (UDP_MAX_SEGMENTS before Linux 6.9).
  static constexpr std::size_t gso_segments_max = 64;
  // Pieces that one call gathers; a single datagram may not consist of more.
  static constexpr std::size_t pieces_per_call_max = 256;

  // Hears from everybody. An IPv6 any-address takes IPv4 too. A Unix socket file that nobody listens on any
  // more is replaced, a live one is "address already in use"; ours is removed at the end. Code::local.
  static Result<std::unique_ptr<DatagramSocket>> bind(Loop& loop, const SocketAddress& address,
                                                      const DatagramOptions& options = {});
  // Hears from `peer` alone, and learns when nobody is there (ECONNREFUSED). A Unix socket gets a name of its
  // own, so that the peer can answer.
  static Result<std::unique_ptr<DatagramSocket>> connect(Loop& loop, const SocketAddress& peer,
                                                         const DatagramOptions& options = {});
  ~DatagramSocket();
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;

  class Receive;
  class Send;

  // co_await socket.receive(batch): Result<size_t>, how many messages are in `batch`, at least one.
  // Code::timeout when the deadline comes first, Code::network when a connected peer is not there,
  // Code::protocol when a datagram was longer than a batch holds (it is lost). The socket remains of use
  // after each of them, and one that is not connected fails for what became of a datagram only when it was
  // asked to (tell_unreachable): last_unreachable() says who could not be reached then.
  Receive receive(DatagramBatch& batch, Time deadline = never);

  // co_await socket.send(…): Result<size_t>, how many datagrams the system took. Code::usage when one is too
  // long, Code::network when the peer is known not to be there, Code::timeout; then an unknown part has been
  // sent.
  Send send(ByteView datagram, Time deadline = never);  // to the peer we are connected to
  Send send_to(const SocketAddress& peer, ByteView datagram, Time deadline = never);
  Send answer(const Datagram& whom, ByteView datagram, Time deadline = never);  // from where it was sent to

  // The bytes of `pieces`, in order, as datagrams of `datagram_bytes` each, the last as long as what is left:
  // a run of header, payload, header, payload … goes out without being copied together. `peer` may be null
  // when connected. No bytes at all are one empty datagram.
  Send send_run(const SocketAddress* peer, std::span<const ByteView> pieces, std::size_t datagram_bytes,
                Time deadline = never);

  // Each datagram of `batch` goes back to its sender. A peer that cannot be reached is passed over: the count
  // is short then, and last_fault() says what befell the last such one.
  Send send_back(const DatagramBatch& batch, Time deadline = never);
  const Error* last_fault() const { return last_fault_.get(); }  // null: none
  const std::optional<SocketAddress>& last_unreachable() const { return last_unreachable_; }

  // Where it is, with the port or name that the kernel chose.
  const SocketAddress& local_address() const { return local_; }
  // For socket options that have no name here (multicast); borrowed.
  int fd() const { return socket_.get(); }
  // Who it is connected to.
  const std::optional<SocketAddress>& peer() const { return peer_; }

  // The attempts behind the awaitables: nothing when they would block, else a count of messages. try_send
  // goes on where `at` stands and gives the count once all of `run` is out.
  struct Run {
    const SocketAddress* peer;
    std::span<const ByteView> pieces;
    std::size_t datagram_bytes;
    const IpAddress* source = nullptr;  // which of our addresses it comes from; null: the route decides
  };
  struct Progress {
    std::size_t datagrams = 0;  // sent
    std::size_t index = 0;      // the piece or message to go on with
    std::size_t offset = 0;     // and how much of it is out
  };
  // A blocked send waits on watch(), which is not told of room that only one peer lacks (Unix, not connected)
  // nor of the kernel's own (ENOBUFS): look again after pause_without_room.
  Watch& watch() { return watch_; }
  Attempt try_receive(DatagramBatch& batch);
  Attempt try_send(const Run& run, Progress& at);
  Attempt try_send_back(const DatagramBatch& batch, Progress& at);

 private:
  struct Gathered;
  struct Answers;

  DatagramSocket(Loop& loop, Fd socket, int family);
  static Result<std::unique_ptr<DatagramSocket>> open(Loop& loop, int family, const DatagramOptions& options);
  Result<void> bind_to(const SocketAddress& address, unsigned unix_mode);
  Result<void> bind_to_one_of(const SocketAddress& address, const DatagramOptions& options);
  Result<void> attach();

  bool has_told_unreachable();
  bool may_receive() const { return watch_.is_readable() || kept_fault_; }
  void expect_room(int error);
  void stop_expecting_room();
  void ask_epoll_about_room(bool asked);
  bool is_udp() const { return family_ != AF_UNIX; }
  bool may_segment(std::size_t segment_bytes) const { return is_udp() && segment_bytes < gso_segment_limit_; }
  void note_refused_segments(int error, std::size_t segment_bytes);
  void gather_answers(std::span<const DatagramBatch::Message> messages, const Progress& from, bool one_by_one,
                      Answers& answers) const;
  int send_segments(const Run& run, Gathered& gathered, std::size_t& sent);
  int send_each(const Run& run, Gathered& gathered, std::size_t& sent);
  Error send_fault(int error, const SocketAddress* peer, std::size_t bytes) const;

  Fd socket_;
  Watch watch_;
  int family_;
  bool expecting_room_ = false;               // epoll tells when there is room to send
  bool room_comes_untold_ = false;            // the last blocked send has to be tried again by the clock
  std::size_t gso_segment_limit_ = SIZE_MAX;  // segments this long are known not to be taken; 0: none are
  SocketAddress local_;
  std::optional<SocketAddress> peer_;
  std::unique_ptr<Error> kept_fault_;  // for the next receive: the datagrams before it were delivered first
  std::unique_ptr<Error> last_fault_;
  bool tells_unreachable_ = false;
  std::optional<SocketAddress> last_unreachable_;
  std::string unlink_path_;
};

class [[nodiscard]] DatagramSocket::Receive final : public Waiter {
 public:
  Receive(DatagramSocket& socket, DatagramBatch& batch, Time deadline);
  ~Receive() { socket_.watch_.forget(*this); }

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<std::size_t> await_resume() { return std::move(*outcome_); }
  void run() override;

 private:
  void wait();

  DatagramSocket& socket_;
  DatagramBatch& batch_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
  Attempt outcome_;
};

class [[nodiscard]] DatagramSocket::Send final : public Waiter {
 public:
  // One datagram; a run; a batch's answers.
  Send(DatagramSocket& socket, const SocketAddress* peer, const IpAddress* source, ByteView datagram,
       Time deadline);
  Send(DatagramSocket& socket, const Run& run, Time deadline);
  Send(DatagramSocket& socket, const DatagramBatch& batch, Time deadline);
  ~Send();

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<std::size_t> await_resume() { return std::move(*outcome_); }
  void run() override;

 private:
  void attempt();
  void wait();

  DatagramSocket& socket_;
  const DatagramBatch* batch_ = nullptr;
  ByteView single_;
  Run run_{};
  Progress progress_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
  Attempt outcome_;
};

}  // namespace yam::net
