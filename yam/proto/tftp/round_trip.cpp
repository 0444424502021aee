#include "yam/proto/tftp/round_trip.hpp"

#include <algorithm>

namespace yam::proto::tftp {
namespace {

constexpr unsigned char doublings_max = 16;

}  // namespace

RoundTrip::RoundTrip(std::optional<std::chrono::seconds> agreed)
    : longest_(agreed ? Duration(*agreed) : timeout_cap),
      timeout_(agreed ? Duration(*agreed) : timeout_first) {}

void RoundTrip::handle_sample(Duration sample) {
  sample = std::max(sample, Duration::zero());
  if (!measured_) {
    smoothed_ = sample;
    variance_ = sample / 2;
  } else {
    const Duration off = smoothed_ > sample ? smoothed_ - sample : sample - smoothed_;
    variance_ = (variance_ * 3 + off) / 4;
    smoothed_ = (smoothed_ * 7 + sample) / 8;
  }
  measured_ = true;
  doublings_ = 0;
  timeout_ = std::clamp(smoothed_ + variance_ * 4, timeout_floor, longest_);
}

void RoundTrip::handle_progress(Duration since_last) {
  const unsigned char doublings = measured_ ? 0 : 1;
  if (since_last <= timeout_) doublings_ = std::min(doublings_, doublings);
}

void RoundTrip::handle_timeout() {
  if (doublings_ < doublings_max) ++doublings_;
}

Duration RoundTrip::timeout() const {
  return std::min(timeout_ * (1 << doublings_), longest_);
}

std::optional<Duration> RoundTrip::smoothed() const {
  if (!measured_) return std::nullopt;
  return smoothed_;
}

}  // namespace yam::proto::tftp
