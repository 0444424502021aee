#pragma once
// One datagram socket as streams of messages, one for each peer, so that what works on connections works on
// datagrams too. The peer we call is one stream; when listening, whoever sends something new is another.
// Nothing is kept here on its way out: a peer that takes nothing holds up its own writer and nobody else.

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/stream.hpp"

namespace yam::net {

// How many accepted peers there may be at once. When a further one knocks, the one that has been silent
// longest is let go (its read fails with Code::timeout), but only after this much silence: datagram peers
// never say that they have left, and strangers must not keep others out.
struct DatagramPlaces {
  std::size_t peers_max = SIZE_MAX;
  Duration silence_min = std::chrono::seconds(1);
};

class DatagramPeers {
 public:
  // Datagrams kept for one peer's reader; more are lost, as a full socket's are.
  static constexpr std::size_t inbox_messages_max = 1024;
  static constexpr std::size_t inbox_bytes_max = 4 * 1024 * 1024;
  static constexpr std::size_t all_inboxes_bytes_max = 32 * 1024 * 1024;
  // Senders that nobody has accepted yet; datagrams of further ones are lost.
  static constexpr std::size_t waiting_peers_max = 256;
  // How long a writer waits before it tries again, where nobody tells of room: at first, and after a peer has
  // had none many times.
  static constexpr Duration pause_first = DatagramSocket::pause_without_room;
  static constexpr Duration pause_max = std::chrono::milliseconds(32);

  struct Accepted {
    Accepted(std::unique_ptr<Stream> s, SocketAddress p) : stream(std::move(s)), peer(p) {}
    std::unique_ptr<Stream> stream;
    SocketAddress peer;
  };

  // Streams outlive neither this object nor its loop.
  static Result<std::unique_ptr<DatagramPeers>> bind(Loop& loop, const SocketAddress& address,
                                                     const DatagramOptions& options,
                                                     const DatagramPlaces& places = {});
  static Result<std::unique_ptr<DatagramPeers>> connect(Loop& loop, const SocketAddress& peer,
                                                        const DatagramOptions& options);
  ~DatagramPeers();

  // The peer that connect() was given; once.
  std::unique_ptr<Stream> called();
  // The next new sender, once there is a place for it; its first datagram waits in the stream. A sender whose
  // stream was destroyed is new again, with what that stream had not read.
  Task<Result<Accepted>> accept();

  const SocketAddress& local_address() const { return socket_->local_address(); }
  // Datagrams that found no room in an inbox.
  std::uint64_t lost() const { return lost_; }

 private:
  class Peer;

  DatagramPeers(Loop& loop, std::unique_ptr<DatagramSocket> socket, const DatagramPlaces& places);
  Task<> receive();
  Time let_the_most_silent_go();
  void take_fault(const Error& fault);
  void deliver(const Datagram& datagram);
  std::unique_ptr<Peer> make_peer(const SocketAddress& address);
  void forget(Peer& peer);

  Loop& loop_;
  std::unique_ptr<DatagramSocket> socket_;
  DatagramPlaces places_;
  std::size_t accepted_ = 0;  // peers whose streams are out
  DatagramBatch batch_;
  bool closing_ = false;
  std::map<std::string, Peer*> peers_;  // by address as the kernel writes it
  std::deque<std::unique_ptr<Peer>> waiting_;
  std::optional<Error> fault_;
  std::uint64_t lost_ = 0;
  std::size_t inboxes_bytes_ = 0;  // of all peers together
  Event arrival_;
  Event departure_;
  Scope tasks_;  // last: cancelled before what the tasks point at
};

}  // namespace yam::net
