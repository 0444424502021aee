#pragma once
// Counts who is turned away, and says when that is worth a line: being refused is cheap for a peer, so that a
// log line about it must not be.

#include <cstdint>
#include <utility>

#include "yam/base/time.hpp"

namespace yam::service {

class Refusals {
 public:
  static constexpr Duration pause = std::chrono::seconds(1);

  // One more. How many to tell of, or 0: it is too early for another line.
  std::uint64_t note(Time now) {
    ++count_;
    if (now < next_line_) return 0;
    next_line_ = after(now, pause);
    return std::exchange(count_, 0);
  }

 private:
  Time next_line_ = Time::min();
  std::uint64_t count_ = 0;
};

}  // namespace yam::service
