#pragma once
// What the TFTP services of a server have done since it started, in numbers: for a summary, and for whoever
// watches it from outside. Counted once for each request and each end of one, never for a packet.

#include <atomic>
#include <cstdint>

#include "yam/service/server/server_event.hpp"

namespace yam::service {

// As they stood at a moment.
struct TftpCounts {
  std::uint64_t requests = 0;  // that were let in, repeated ones once; each has one of the five ends
  std::uint64_t sent = 0;
  std::uint64_t not_sent = 0;
  std::uint64_t received = 0;
  std::uint64_t not_received = 0;
  std::uint64_t probed = 0;
  std::uint64_t refused = 0;  // denied, too many, or malformed
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t retransmissions = 0;

  bool operator==(const TftpCounts&) const = default;
};

// Any thread.
class TftpCounters {
 public:
  void count_request() { add(requests_, 1); }
  void count_refusal() { add(refused_, 1); }
  // A request is over: sent, not_sent, received, not_received or probed.
  void count_end(const ServerEvent& end);

  TftpCounts now() const;

 private:
  using Count = std::atomic<std::uint64_t>;
  static void add(Count& count, std::uint64_t more) { count.fetch_add(more, std::memory_order_relaxed); }

  Count requests_ = 0, sent_ = 0, not_sent_ = 0, received_ = 0, not_received_ = 0, probed_ = 0, refused_ = 0;
  Count bytes_sent_ = 0, bytes_received_ = 0, retransmissions_ = 0;
};

}  // namespace yam::service
