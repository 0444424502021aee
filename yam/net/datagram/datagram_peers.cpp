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

// Its watches belong to no descriptor: they are set by what comes in and what goes out.
class DatagramPeers::Peer final : public Stream {
 public:
  Peer(DatagramPeers& owner, const SocketAddress& address)
      : owner_(owner), address_(address), in_watch_(owner.loop_), out_watch_(owner.loop_) {}
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

  Attempt try_write(std::span<const ByteView> parts) override {
    if (!owner_.post(address_, parts)) {
      out_watch_.filled();
      return std::nullopt;
    }
    std::size_t bytes = 0;
    for (const ByteView part : parts)
      bytes += part.size();
    return bytes;
  }

  Attempt try_finish() override {
    if (owner_.outbox_.empty()) return 0;
    out_watch_.filled();
    return std::nullopt;
  }
  Watch& read_watch() override { return in_watch_; }
  Watch& write_watch() override { return out_watch_; }
  void abort() override {}

  void handle_datagram(ByteView bytes) {
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
  void handle_room() { out_watch_.handle_events(EPOLLOUT); }

 private:
  DatagramPeers& owner_;
  SocketAddress address_;
  Watch in_watch_;
  Watch out_watch_;
  std::deque<Bytes> inbox_;
  std::size_t inbox_bytes_ = 0;
  bool has_read_ = false;
  std::optional<Error> fault_;
};

Result<std::unique_ptr<DatagramPeers>> DatagramPeers::bind(Loop& loop, const SocketAddress& address,
                                                           const DatagramOptions& options) {
  auto socket = DatagramSocket::bind(loop, address, options);
  if (!socket) return fail(socket.error());
  return std::unique_ptr<DatagramPeers>(new DatagramPeers(loop, std::move(*socket)));
}

Result<std::unique_ptr<DatagramPeers>> DatagramPeers::connect(Loop& loop, const SocketAddress& peer,
                                                              const DatagramOptions& options) {
  auto socket = DatagramSocket::connect(loop, peer, options);
  if (!socket) return fail(socket.error());
  std::unique_ptr<DatagramPeers> peers(new DatagramPeers(loop, std::move(*socket)));
  peers->waiting_.push_back(peers->make_peer(peer));
  return peers;
}

DatagramPeers::DatagramPeers(Loop& loop, std::unique_ptr<DatagramSocket> socket)
    : loop_(loop), socket_(std::move(socket)), arrival_(loop), outgoing_(loop), tasks_(loop) {
  tasks_.spawn(receive());
  tasks_.spawn(send());
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
  auto peer = std::move(waiting_.front());
  waiting_.pop_front();
  const SocketAddress address = peer->address();
  co_return Accepted(std::move(peer), address);
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
      fault_ = count.error();
      for (const auto& [key, peer] : peers_)
        peer->handle_fault();
      arrival_.set();
      if (!socket_->peer()) co_return;  // the socket itself; a connected one only told that nobody is there
    }
  }
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

bool DatagramPeers::post(const SocketAddress& to, std::span<const ByteView> parts) {
  if (outbox_.size() >= outbox_messages_max) return false;
  Letter letter{to, {}};
  for (const ByteView part : parts)
    letter.bytes.insert(letter.bytes.end(), part.begin(), part.end());
  outbox_.push_back(std::move(letter));
  outgoing_.set();
  return true;
}

Task<> DatagramPeers::send() {
  for (;;) {
    outgoing_.reset();
    if (outbox_.empty()) co_await outgoing_.wait();
    while (!outbox_.empty()) {
      const Letter& letter = outbox_.front();
      const bool connected = socket_->peer().has_value();
      // No ternary: g++ 12 would free the fault's words twice.
      Result<std::size_t> sent;
      if (connected) {
        sent = co_await socket_->send(letter.bytes);
      } else {
        sent = co_await socket_->send_to(letter.to, letter.bytes);
      }
      if (!sent && connected) {
        fault_ = sent.error();
        for (const auto& [key, peer] : peers_)
          peer->handle_fault();
      } else if (const auto peer = peers_.find(key_of(letter.to)); !sent && peer != peers_.end()) {
        peer->second->handle_fault(sent.error());
      }
      outbox_.pop_front();
      for (const auto& [key, peer] : peers_)
        peer->handle_room();
    }
  }
}

void DatagramPeers::forget(Peer& peer) {
  peers_.erase(key_of(peer.address()));
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
