#include "yam/proto/tftp/transfer.hpp"

#include <algorithm>

namespace yam::proto::tftp {
namespace {

constexpr std::int32_t number_max = 65535;

}  // namespace

Duration Patience::silence_with(std::optional<std::chrono::seconds> timeout) const {
  if (!timeout) return silence;
  return std::max(silence, std::min<Duration>(*timeout * tries_max, silence_max));
}

std::uint16_t wire_number(std::uint64_t block, Rollover rollover) {
  if (rollover == Rollover::to_zero || block == 0) return static_cast<std::uint16_t>(block & number_max);
  return static_cast<std::uint16_t>((block - 1) % number_max + 1);
}

std::optional<std::int32_t> blocks_ahead(std::uint64_t block, std::uint16_t number, Rollover rollover) {
  const bool to_one = rollover == Rollover::to_one;
  if (to_one && number == 0 && block > number_max / 2) return std::nullopt;
  if (to_one && number == 0) return -static_cast<std::int32_t>(block);
  const std::int32_t cycle = to_one ? number_max : number_max + 1;
  std::int32_t ahead = (number - wire_number(block, rollover)) % cycle;
  if (ahead < 0) ahead += cycle;
  if (ahead > cycle / 2) ahead -= cycle;
  if (ahead < 0 && static_cast<std::uint64_t>(-ahead) > block) return std::nullopt;
  return ahead;
}

}  // namespace yam::proto::tftp
