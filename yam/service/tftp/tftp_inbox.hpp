#pragma once
// Packets of one peer that came to a socket which many transfers share, as copies in order, until the
// transfer looks. What does not fit is lost, as it would be in a full socket. One loop, one waiter.

#include <cstdint>
#include <cstring>

#include "yam/base/bytes.hpp"
#include "yam/net/loop/event.hpp"

namespace yam::service {

class TftpInbox {
 public:
  static constexpr std::size_t bytes_max = 256 * 1024;  // what a socket's default buffer holds, about

  static constexpr std::size_t overhead_bytes = 8;  // of a packet: its header, and where it ends

  explicit TftpInbox(net::Loop& loop) : came_(loop) {}

  // `packet` is no longer than a datagram.
  void put(ByteView packet);
  // For co_await Event::Wait.
  net::Event& came() { return came_; }
  // All that came, for each_packet; the inbox is empty then.
  Bytes take();

  // f(ByteView packet) for each of them, oldest first.
  template <class F>
  static void each_packet(ByteView taken, F f) {
    while (!taken.empty()) {
      Length length;
      std::memcpy(&length, taken.data(), sizeof length);
      f(taken.subspan(sizeof length, length));
      taken = taken.subspan(sizeof length + length);
    }
  }

 private:
  using Length = std::uint16_t;

  net::Event came_;
  Bytes packets_;  // each behind its length
};

}  // namespace yam::service
