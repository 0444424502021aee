#pragma once
// How long to wait for an answer: the measured round trip (RFC 1123 §4.2.3.2, RFC 6298 §2) with a lower floor
// than TCP's, and no longer than what the peers agreed on (RFC 2349, timeout). To wait that long each time,
// as the letter of RFC 2349 has it, costs curl's users, who always ask for 6 s, 6 s for each loss. Whoever
// feeds it measures only what was sent once (Karn's rule, RFC 6298 §3).

#include <chrono>
#include <optional>

#include "yam/base/time.hpp"

namespace yam::proto::tftp {

inline constexpr Duration timeout_first = std::chrono::milliseconds(500);  // before anything is measured
inline constexpr Duration timeout_floor = std::chrono::milliseconds(10);   // a scheduler's hiccup on a LAN
inline constexpr Duration timeout_cap = std::chrono::seconds(5);           // what others wait at once

class RoundTrip {
 public:
  RoundTrip() = default;
  explicit RoundTrip(std::optional<std::chrono::seconds> agreed);

  // From sending something once to the answer. It ends a back-off.
  void handle_sample(Duration sample);
  // Nothing came within timeout(): the next waits twice as long (RFC 6298 §5.5).
  void handle_timeout();

  // The transfer goes on, so long after something was sent last. That is no sample when it had been sent
  // before; but what fits what is known of the path ends a back-off, to the first doubling where nothing is.
  // A window on a bad link, in which hardly a block is sent once, would else wait for seconds at each loss.
  void handle_progress(Duration since_last);

  Duration timeout() const;
  Duration timeout_at_first() const { return timeout_; }  // without back-off
  Duration longest() const { return longest_; }           // that timeout() can be
  std::optional<Duration> smoothed() const;               // absent until measured

 private:
  Duration longest_ = timeout_cap;
  Duration timeout_ = timeout_first;  // without back-off
  Duration smoothed_{};
  Duration variance_{};
  unsigned char doublings_ = 0;
  bool measured_ = false;
};

}  // namespace yam::proto::tftp
