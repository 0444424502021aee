#include "yam/sim/network.hpp"

#include <algorithm>

#include "yam/wire/order.hpp"

namespace yam::sim {
namespace {

constexpr std::size_t checksum_bytes = 8;

// FNV-1a.
std::uint64_t checksum(ByteView bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const std::byte byte : bytes)
    sum = (sum ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3;
  return sum;
}

}  // namespace

Network::Network(ImpairmentPlan plan) : plan_(plan) {}

void Network::send(Address from, Address to, ByteView datagram) {
  const std::uint64_t number = (std::uint64_t{from} << 32) | to;
  const auto lane = lanes_.try_emplace(Lane(healed_, from, to), plan_, number).first;
  Bytes bytes = copy_of(datagram);
  bytes.resize(bytes.size() + checksum_bytes);
  wire::store(ByteSpan(bytes).last(checksum_bytes), checksum(datagram), wire::Order::network);
  lane->second.handle_datagram(bytes, now_);
  ++sent_;
}

std::optional<Arrival> Network::next(Time until) {
  while (true) {
    const auto first =
        std::ranges::min_element(lanes_, {}, [](const auto& lane) { return lane.second.next_due(); });
    const Time due = first == lanes_.end() ? never : first->second.next_due();
    if (due == never || due > until) {
      if (until != never) now_ = std::max(now_, until);
      return std::nullopt;
    }
    now_ = std::max(now_, due);
    const auto bytes = first->second.poll_datagram(now_);
    const std::size_t size = bytes->size() - checksum_bytes;
    const ByteView datagram = ByteView(*bytes).first(size);
    if (checksum(datagram) == wire::load(ByteView(*bytes).last(checksum_bytes), wire::Order::network))
      return Arrival{std::get<1>(first->first), std::get<2>(first->first), copy_of(datagram)};
    ++damaged_;
  }
}

void Network::heal() {
  healed_ = true;
  ImpairmentPlan healthy;
  healthy.delay = plan_.delay;
  healthy.seed = plan_.seed;
  plan_ = healthy;
}

}  // namespace yam::sim
