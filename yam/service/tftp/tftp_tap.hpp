#pragma once
// Who watches a transfer's packets as they leave and arrive (--trace). For the loop's own thread.

#include <cstddef>

#include "yam/base/bytes.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

class TftpTap {
 public:
  // Packets of `packet_bytes` each, the last maybe shorter, which the system has taken; borrowed for the
  // call.
  virtual void handle_sent(ByteView packets, std::size_t packet_bytes, Time now) = 0;
  // One packet of the peer, before the transfer hears it.
  virtual void handle_received(ByteView packet, Time now) = 0;

 protected:
  ~TftpTap() = default;
};

}  // namespace yam::service
