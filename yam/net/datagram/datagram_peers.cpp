#include "yam/net/datagram/datagram_peers.hpp"

#include <algorithm>
#include <sys/epoll.h>
#include <utility>

namespace yam::net {

namespace {

std::string key_of(const SocketAddress& address) {
  return {reinterpret_cast<const char*>(address.get()), address.size()};
}

}  // namespace

// Its watches belong to no descriptor: the one is set by what comes in, the other by the clock, since a
// socket that is not connected cannot tell which peer has room. The waiter is a writer's pause.
class DatagramPeers::Peer final : public Stream, private Waiter {
 public:
  Peer(DatagramPeers& owner, const SocketAddress& address)
      : Waiter(owner.loop_.timers()),
        owner_(owner),
        address_(address),
        in_watch_(owner.loop_),
        out_watch_(owner.loop_) {}
  ~Peer() override {
    owner_.inboxes_bytes_ -= inbox_bytes_;
    owner_.forget(*this);
  }

  // What is left for the next stream of this peer. One that read nothing loses a datagram, so that a reader
  // who always fails does not go round in circles.
  std::deque<Bytes> unread() {
    if (!has_read_ && !inbox_.empty()) inbox_.pop_front();
    return std::move(inbox_);
  }

  const SocketAddress& address() const { return address_; }

  bool keeps_messages() const override { return true; }

  Attempt try_read(ByteSpan into) override {
    if (inbox_.empty()) {
      in_watch_.drained();
      if (fault_) return fail(*fault_);
      if (owner_.fault_) return fail(*owner_.fault_);
      return std::nullopt;
    }
    const Bytes message = std::move(inbox_.front());
    inbox_.pop_front();
    has_read_ = true;
    inbox_bytes_ -= message.size();
    owner_.inboxes_bytes_ -= message.size();
    if (message.size() > into.size())
      return fail(Code::usage, "a datagram of " + std::to_string(message.size()) + " bytes found no room");
    std::copy(message.begin(), message.end(), into.begin());
    return message.size();
  }

  // What cannot be sent is told to the reader, after what came before it.
  Attempt try_write(std::span<const ByteView> parts) override {
    std::size_t bytes = 0;
    for (const ByteView part : parts)
      bytes += part.size();
    const SocketAddress* to = owner_.socket_->peer() ? nullptr : &address_;
    DatagramSocket::Progress progress;
    const auto sent =
        owner_.socket_->try_send({.peer = to, .pieces = parts, .datagram_bytes = bytes}, progress);
    if (!sent) {
      write_watch().filled();
      timers_.arm(*this, after(Clock::now(), pause_));
      pause_ = std::min(2 * pause_, pause_max);
      return std::nullopt;
    }
    pause_ = pause_first;
    if (!*sent && to == nullptr) owner_.take_fault(sent->error());
    if (!*sent && to != nullptr) handle_fault(sent->error());
    return bytes;
  }

  Attempt try_finish() override { return 0; }
  Watch& read_watch() override { return in_watch_; }
  Watch& write_watch() override { return owner_.socket_->peer() ? owner_.socket_->watch() : out_watch_; }
  void abort() override {}

  void handle_datagram(ByteView bytes) {
    last_heard_ = owner_.loop_.now();
    if (inbox_.size() >= inbox_messages_max || inbox_bytes_ + bytes.size() > inbox_bytes_max ||
        owner_.inboxes_bytes_ + bytes.size() > all_inboxes_bytes_max) {
      ++owner_.lost_;
      return;
    }
    inbox_.push_back(copy_of(bytes));
    inbox_bytes_ += bytes.size();
    owner_.inboxes_bytes_ += bytes.size();
    in_watch_.handle_events(EPOLLIN);
  }
  // What we said did not reach it: its reader learns of it after what came before.
  void handle_fault(const Error& fault) {
    fault_ = fault;
    handle_fault();
  }
  void handle_fault() { in_watch_.handle_events(EPOLLIN); }

  void accept() { is_accepted_ = true; }
  bool is_accepted() const { return is_accepted_; }
  bool is_leaving() const { return fault_.has_value(); }
  Time last_heard() const { return last_heard_; }

 private:
  void run() override { write_watch().handle_events(EPOLLOUT); }

  DatagramPeers& owner_;
  SocketAddress address_;
  Watch in_watch_;
  Watch out_watch_;
  std::deque<Bytes> inbox_;
  std::size_t inbox_bytes_ = 0;
  bool has_read_ = false;
  bool is_accepted_ = false;
  Time last_heard_{};
  Duration pause_ = pause_first;
  std::optional<Error> fault_;
};

Result<std::unique_ptr<DatagramPeers>> DatagramPeers::bind(Loop& loop, const SocketAddress& address,
                                                           const DatagramOptions& options,
                                                           const DatagramPlaces& places) {
  auto socket = DatagramSocket::bind(loop, address, options);
  if (!socket) return fail(socket.error());
  return std::unique_ptr<DatagramPeers>(new DatagramPeers(loop, std::move(*socket), places));
}

Result<std::unique_ptr<DatagramPeers>> DatagramPeers::connect(Loop& loop, const SocketAddress& peer,
                                                              const DatagramOptions& options) {
  auto socket = DatagramSocket::connect(loop, peer, options);
  if (!socket) return fail(socket.error());
  std::unique_ptr<DatagramPeers> peers(new DatagramPeers(loop, std::move(*socket), DatagramPlaces{}));
  peers->waiting_.push_back(peers->make_peer(peer));
  return peers;
}

DatagramPeers::DatagramPeers(Loop& loop, std::unique_ptr<DatagramSocket> socket, const DatagramPlaces& places)
    : loop_(loop),
      socket_(std::move(socket)),
      places_(places),
      arrival_(loop),
      departure_(loop),
      tasks_(loop) {
  tasks_.spawn(receive());
}

DatagramPeers::~DatagramPeers() {
  tasks_.cancel();
  closing_ = true;
  waiting_.clear();
}

std::unique_ptr<Stream> DatagramPeers::called() {
  auto peer = std::move(waiting_.front());
  waiting_.pop_front();
  return peer;
}

Task<Result<DatagramPeers::Accepted>> DatagramPeers::accept() {
  while (waiting_.empty()) {
    if (fault_) co_return fail(*fault_);
    arrival_.reset();
    co_await arrival_.wait();
  }
  while (accepted_ >= places_.peers_max) {
    departure_.reset();
    const Time look_again = let_the_most_silent_go();
    co_await departure_.wait(look_again);
  }
  auto peer = std::move(waiting_.front());
  waiting_.pop_front();
  peer->accept();
  ++accepted_;
  const SocketAddress address = peer->address();
  co_return Accepted(std::move(peer), address);
}

// Or says when one will have been silent for long enough.
Time DatagramPeers::let_the_most_silent_go() {
  Peer* most_silent = nullptr;
  for (const auto& [key, peer] : peers_) {
    if (!peer->is_accepted() || peer->is_leaving()) continue;
    if (most_silent == nullptr || peer->last_heard() < most_silent->last_heard()) most_silent = peer;
  }
  if (most_silent == nullptr) return never;  // all are leaving
  const Time due = after(most_silent->last_heard(), places_.silence_min);
  if (due > loop_.now()) return due;
  most_silent->handle_fault({Code::timeout, "was silent longest, and another came", ""});
  return after(loop_.now(), places_.silence_min);  // the next one, if this one cannot leave
}

Task<> DatagramPeers::receive() {
  for (;;) {
    const auto count = co_await socket_->receive(batch_);
    if (count) {
      for (const Datagram datagram : batch_)
        deliver(datagram);
    } else if (count.error().code == Code::protocol) {
      ++lost_;  // one that was longer than a batch holds
    } else {
      take_fault(count.error());
      arrival_.set();
      if (!socket_->peer()) co_return;  // the socket itself; a connected one only told that nobody is there
    }
  }
}

void DatagramPeers::take_fault(const Error& fault) {
  fault_ = fault;
  for (const auto& [key, peer] : peers_)
    peer->handle_fault();
}

void DatagramPeers::deliver(const Datagram& datagram) {
  // A connected socket hears from its peer alone, which on Unix may answer under another name.
  const auto known = socket_->peer() ? peers_.begin() : peers_.find(key_of(datagram.sender));
  if (known != peers_.end()) {
    fault_.reset();
    known->second->handle_datagram(datagram.bytes);
  } else if (!socket_->peer() && waiting_.size() < waiting_peers_max) {
    waiting_.push_back(make_peer(datagram.sender));
    waiting_.back()->handle_datagram(datagram.bytes);
    arrival_.set();
  } else {
    ++lost_;
  }
}

std::unique_ptr<DatagramPeers::Peer> DatagramPeers::make_peer(const SocketAddress& address) {
  auto peer = std::make_unique<Peer>(*this, address);
  peers_[key_of(address)] = peer.get();
  return peer;
}

void DatagramPeers::forget(Peer& peer) {
  peers_.erase(key_of(peer.address()));
  if (peer.is_accepted()) --accepted_;
  departure_.set();
  if (closing_ || socket_->peer()) return;
  const auto unread = peer.unread();
  if (unread.empty() || waiting_.size() >= waiting_peers_max) {
    lost_ += unread.size();
    return;
  }
  waiting_.push_back(make_peer(peer.address()));
  for (const Bytes& message : unread)
    waiting_.back()->handle_datagram(message);
  arrival_.set();
}

}  // namespace yam::net
