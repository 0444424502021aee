#pragma once
// What the HTTP services of a server have done since it started, in numbers: for whoever watches it from
// outside.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace yam::service {

// As they stood at a moment.
struct HttpCounts {
  std::array<std::uint64_t, 5> requests{};  // by the first digit of their status: 1xx to 5xx
  std::uint64_t broken_off = 0;             // of those, with answers that are not whole
  std::uint64_t sent_bytes = 0;             // of content
  std::uint64_t received_bytes = 0;
};

// Any thread.
class HttpCounters {
 public:
  // Once a request.
  void count(unsigned status, bool is_whole, std::uint64_t sent_bytes, std::uint64_t received_bytes) {
    add(requests_[status / 100 - 1], 1);
    if (!is_whole) add(broken_off_, 1);
    add(sent_bytes_, sent_bytes);
    if (received_bytes > 0) add(received_bytes_, received_bytes);
  }

  HttpCounts now() const {
    HttpCounts counts;
    for (std::size_t i = 0; i < requests_.size(); ++i)
      counts.requests[i] = requests_[i];
    counts.broken_off = broken_off_;
    counts.sent_bytes = sent_bytes_;
    counts.received_bytes = received_bytes_;
    return counts;
  }

 private:
  using Count = std::atomic<std::uint64_t>;
  static void add(Count& count, std::uint64_t more) { count.fetch_add(more, std::memory_order_relaxed); }

  std::array<Count, 5> requests_{};
  Count broken_off_ = 0, sent_bytes_ = 0, received_bytes_ = 0;
};

}  // namespace yam::service
