#include "yam/service/tftp_server/tftp_port_range.hpp"

#include <algorithm>
#include <cassert>
#include <random>

namespace yam::service {

TftpPortRange::TftpPortRange(const TftpPorts& ports, std::uint64_t seed) {
  for (unsigned port = ports.first; port <= ports.last; ++port)
    free_.push_back(static_cast<std::uint16_t>(port));
  std::ranges::shuffle(free_, std::mt19937_64(seed));
}

std::span<const std::uint16_t> TftpPortRange::candidates() {
  const auto count = static_cast<std::ptrdiff_t>(std::min(free_.size(), tries_max));
  candidates_.assign(free_.begin(), free_.begin() + count);
  return candidates_;
}

TftpPortRange::Lease TftpPortRange::take(std::uint16_t port) {
  assert(std::ranges::find(candidates_, port) != candidates_.end());
  while (free_.front() != port) {
    free_.push_back(free_.front());
    free_.pop_front();
  }
  free_.pop_front();
  return Lease(*this, port);
}

void TftpPortRange::pass_over() {
  std::ranges::rotate(free_, free_.begin() + static_cast<std::ptrdiff_t>(candidates_.size()));
}

}  // namespace yam::service
