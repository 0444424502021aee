#pragma once
// Datagrams as they came from one socket, each with its sender: what one recvmmsg brought. With GRO the
// kernel joins equal datagrams of one sender into a message; iterating gives the single datagrams again. An
// empty datagram is one too.
//
// A batch takes its memory when the first datagram comes, and only the pages that datagrams touch count. What
// it holds stays until the next receive into it, so all sockets of a loop may share one batch as long as
// nobody suspends between receiving and reading it.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <sys/uio.h>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/net/socket/socket_address.hpp"

struct mmsghdr;

namespace yam::net {

// The most that fits into one datagram: 65,535 less the headers that count (RFC 768, RFC 8200 §3).
inline constexpr std::size_t datagram_bytes_max_v4 = 65'507;
inline constexpr std::size_t datagram_bytes_max_v6 = 65'527;

struct Datagram {
  ByteView bytes;
  const SocketAddress& sender;  // borrowed from the batch, like the bytes
  // Which of our addresses it was sent to, where the socket tells (DatagramOptions::tell_called); null: it
  // does not, or it went to many.
  const IpAddress* called = nullptr;
  bool to_many = false;  // likewise: a broadcast or multicast
};

class DatagramBatch {
 public:
  static constexpr std::size_t messages_max = 64;
  // What one message may hold; a Unix datagram may be longer, which is a fault of the receive.
  static constexpr std::size_t message_bytes_max = 65'536;

  // At most `messages` (1 to messages_max) come with one receive.
  explicit DatagramBatch(std::size_t messages = messages_max);
  ~DatagramBatch();
  DatagramBatch(const DatagramBatch&) = delete;
  DatagramBatch& operator=(const DatagramBatch&) = delete;

  // What the kernel handed over in one piece: `bytes` from one sender, cut every `segment_bytes`.
  struct Message {
    ByteView bytes;
    std::size_t
        segment_bytes;  // the length of each datagram in it but the last; never more than bytes.size()
    const SocketAddress* sender;
    const IpAddress* called = nullptr;  // as Datagram's
    bool to_many = false;
  };
  std::span<const Message> messages() const { return messages_; }

  // for (const Datagram datagram : batch) …
  class Iterator;
  Iterator begin() const;
  Iterator end() const;
  std::size_t size() const;  // datagrams
  bool empty() const { return messages_.empty(); }
  void clear() { messages_.clear(); }

 private:
  friend class DatagramSocket;
  struct Slot;

  // For DatagramSocket: empty slots to receive into; then, of the first `count`, the whole ones become
  // messages. Gives the true length of the last one that did not fit, 0 when all did.
  std::span<mmsghdr> slots();
  std::size_t accept(std::size_t count);

  std::size_t slot_count_;
  std::size_t used_slots_ = 0;
  std::unique_ptr<std::byte[]> memory_;
  std::unique_ptr<mmsghdr[]> headers_;
  std::unique_ptr<Slot[]> slots_;
  std::vector<Message> messages_;
};

class DatagramBatch::Iterator {
 public:
  using value_type = Datagram;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;

  Iterator() = default;
  Iterator(const Message* message) : message_(message) {}

  Datagram operator*() const {
    return {
        message_->bytes.subspan(offset_, std::min(message_->segment_bytes, message_->bytes.size() - offset_)),
        *message_->sender, message_->called, message_->to_many};
  }
  Iterator& operator++() {
    offset_ += message_->segment_bytes;
    if (offset_ >= message_->bytes.size()) {
      ++message_;
      offset_ = 0;
    }
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Iterator&) const = default;

 private:
  const Message* message_ = nullptr;
  std::size_t offset_ = 0;
};

inline DatagramBatch::Iterator DatagramBatch::begin() const {
  return Iterator(messages_.data());
}
inline DatagramBatch::Iterator DatagramBatch::end() const {
  return Iterator(messages_.data() + messages_.size());
}

}  // namespace yam::net
