#pragma once
// A limit on the rate of everything that shares it (--limit-rate): a bucket of a tenth of a second. It sleeps
// for nobody; it says how much may go now, and when the next may.

#include <algorithm>
#include <cstdint>

#include "yam/base/quantity.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

class Pace {
 public:
  explicit Pace(Rate rate) : rate_(rate) {}

  // How much may be asked for at a time: what goes in a tenth of a second, at least 1 KiB.
  std::uint64_t slice_bytes() const { return std::max<std::uint64_t>(rate_.bytes_per_second / 10, 1024); }
  // `bytes` have gone; gives when the next slice may.
  Time spend(std::uint64_t bytes, Time now) {
    const double seconds = static_cast<double>(bytes) / static_cast<double>(rate_.bytes_per_second);
    due_ = std::max(due_, now) + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    return due_;
  }

 private:
  Rate rate_;
  Time due_{};
};

}  // namespace yam::service
