// Any packets in any order give words that stay short, each about as many bytes as came: each is a byte that
// says who sent it (bit 0) and how long it is, and then its bytes.

#include <cstdint>
#include <cstdlib>

#include "yam/proto/tftp/observer.hpp"

namespace {

using namespace yam;
using namespace yam::proto::tftp;

constexpr std::size_t words_bytes_max = 1000;

void require(bool holds) {
  if (!holds) std::abort();
}

std::uint64_t drain(Observer& observer) {
  std::uint64_t bytes = 0;
  while (const auto event = observer.poll_event()) {
    require(!event->detail.empty() && event->detail.size() < words_bytes_max);
    bytes += event->bytes;
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView rest = std::as_bytes(std::span(data, size));
  Observer observer;
  std::uint64_t came = 0, told = 0;
  while (!rest.empty()) {
    const auto head = std::to_integer<std::size_t>(rest[0]);
    const ByteView packet = rest.subspan(1, std::min(head / 2, rest.size() - 1));
    rest = rest.subspan(1 + packet.size());
    const auto decoded = decode(packet);
    if (decoded && std::holds_alternative<Data>(*decoded)) came += packet.size() - header_bytes;
    const auto from = head % 2 == 0 ? Observer::Actor::us : Observer::Actor::peer;
    observer.handle_packet(from, packet, packet.size(), Time(std::chrono::seconds(1)));
    told += drain(observer);
  }
  observer.handle_end();
  require(came == told + drain(observer));
  return 0;
}
