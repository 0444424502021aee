#pragma once
// Who watches a transfer's packets as they leave and arrive (--trace). For the loop's own thread.

#include <cstddef>

#include "yam/base/bytes.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

class TftpTap {
 public:
  // A packet of `packet_bytes` which the system has taken. `head` is all of it, or a DATA's header; borrowed
  // for the call.
  virtual void handle_sent(ByteView head, std::size_t packet_bytes, Time now) = 0;
  // One packet of the peer, before the transfer hears it.
  virtual void handle_received(ByteView packet, Time now) = 0;

 protected:
  ~TftpTap() = default;
};

}  // namespace yam::service
