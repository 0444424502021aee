// Any packets at any times to a Requester and to what a server starts upon them: a Sender or a Receiver, and
// its client. Whoever has not proved to own its address gets one answer per request and at most 25 times
// its bytes; there is at most one ERROR and nothing behind it; silence ends each within a bounded time; and
// what is counted adds up.
//
// The input is steps: a byte of time (its low three bits scale it), a byte of length, and a packet.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "yam/proto/tftp/options.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/proto/tftp/receiver.hpp"
#include "yam/proto/tftp/requester.hpp"
#include "yam/proto/tftp/sender.hpp"

namespace {

using namespace yam;
using namespace yam::proto::tftp;

constexpr std::size_t ip_udp_bytes = 28;
constexpr std::size_t file_bytes = 3000;
constexpr Duration silence_max = std::chrono::minutes(2);
constexpr int outputs_max = 100'000;

void require(bool holds) {
  if (!holds) std::abort();
}

// What an end has said.
struct Said {
  std::uint64_t unproved_packets = 0, unproved_bytes = 0, errors = 0;

  void add(std::size_t bytes, bool proved, bool error) {
    require(errors == 0);  // nothing comes behind an ERROR
    errors += error;
    if (proved || error) return;
    ++unproved_packets;
    unproved_bytes += bytes + ip_udp_bytes;
  }
};

bool is_error(ByteView packet) {
  const auto decoded = decode(packet);
  require(decoded.has_value());  // what we write can be read
  return std::holds_alternative<ErrorPacket>(*decoded);
}

void drain(Sender& sender, Said& said, Time now) {
  for (int i = 0;; ++i) {
    require(i < outputs_max);
    const auto out = sender.poll_output(now);
    if (!out) return;
    if (const auto* packet = std::get_if<ByteView>(&*out)) {
      said.add(packet->size(), sender.proved(), is_error(*packet));
      continue;
    }
    const auto& burst = std::get<Burst>(*out);
    require(burst.blocks > 0 && burst.again <= burst.blocks && burst.first > 0);
    for (std::uint64_t block = burst.first; block < burst.first + burst.blocks; ++block) {
      const BlockRange range = sender.range(block);
      require(range.offset + range.bytes <= file_bytes && range.offset >= sender.source_kept_from());
      said.add(range.bytes + header_bytes, sender.proved(), false);
    }
  }
}

void drain(Receiver& receiver, Said& said, Time now) {
  if (receiver.complete()) receiver.handle_saved(now);
  for (int i = 0;; ++i) {
    require(i < outputs_max);
    const auto packet = receiver.poll_packet(now);
    if (!packet) return;
    said.add(packet->size(), receiver.proved(), is_error(*packet));
  }
}

bool over(const Sender& sender) {
  return sender.end() != End::none;
}
bool over(const Receiver& receiver) {
  return receiver.gone();
}

// `step` is called for each packet with the time; after the last one nothing comes any more.
template <class Machine>
class Transfer {
 public:
  Transfer(Machine& machine, std::size_t request_bytes, bool proved, Time now)
      : machine_(machine), now_(now), request_bytes_(request_bytes + ip_udp_bytes), proved_(proved) {
    drain(machine_, said_, now_);
  }

  void step(Duration later, ByteView packet) {
    wait_until(after(now_, later));
    const auto decoded = decode(packet);
    if (decoded && std::holds_alternative<Request>(*decoded)) request_bytes_ += packet.size() + ip_udp_bytes;
    machine_.handle_packet(packet, now_);
    take_data();
    drain(machine_, said_, now_);
  }

  void finish() {
    const Time began = now_;
    while (!over(machine_)) {
      require(machine_.deadline() != never && now_ - began < silence_max);
      wait_until(std::max(machine_.deadline(), now_));
    }
    const Statistics& counted = machine_.statistics();
    if (!proved_) {
      require(said_.unproved_packets <= counted.requests);
      require(said_.unproved_bytes <= 25 * request_bytes_);
    }
    require(counted.bytes <= counted.blocks * block_bytes_max);
    require((machine_.end() == End::peer_error) == counted.peer_error.has_value());
    require(counted.round_trip.value_or(Duration::zero()) >= Duration::zero());
    const auto errors = said_.errors;
    machine_.handle_timeout(after(now_, silence_max));
    drain(machine_, said_, after(now_, silence_max));
    require(said_.errors == errors);
  }

 private:
  void wait_until(Time then) {
    for (int i = 0; !over(machine_) && machine_.deadline() <= then; ++i) {
      require(i < outputs_max);
      now_ = std::max(now_, machine_.deadline());
      machine_.handle_timeout(now_);
      drain(machine_, said_, now_);
    }
    now_ = then;
  }
  void take_data() {
    if constexpr (std::is_same_v<Machine, Receiver>) static_cast<void>(machine_.poll_data());
  }

  Machine& machine_;
  Time now_;
  Said said_;
  std::size_t request_bytes_;
  bool proved_;
};

// The steps of an input.
class Steps {
 public:
  explicit Steps(ByteView input) : rest_(input) {}

  bool next() {
    if (rest_.size() < 2) return false;
    const auto time = std::to_integer<unsigned>(rest_[0]);
    const std::size_t size = std::min<std::size_t>(std::to_integer<std::size_t>(rest_[1]), rest_.size() - 2);
    later_ = std::chrono::microseconds(time >> 3U) * (1 << (3 * (time & 7U)));
    packet_ = rest_.subspan(2, size);
    rest_ = rest_.subspan(2 + size);
    return true;
  }
  Duration later() const { return later_; }
  ByteView packet() const { return packet_; }

 private:
  ByteView rest_;
  Duration later_{};
  ByteView packet_;
};

template <class Machine>
void play(Machine& machine, std::size_t request_bytes, bool proved, Steps steps) {
  Transfer<Machine> transfer(machine, request_bytes, proved, Time{});
  while (steps.next())
    transfer.step(steps.later(), steps.packet());
  transfer.finish();
}

void serve(const Request& request, std::size_t request_bytes, Steps steps) {
  const Options granted = grant(read_options(request.options), Caps(), request.write, file_bytes);
  Bytes option_ack;
  if (!granted.empty()) require(write_option_ack(option_ack, OptionWords(granted).texts()).has_value());
  if (request.write) {
    Receiver receiver({.terms = Terms(granted), .option_ack = option_ack}, Time{});
    play(receiver, request_bytes, false, steps);
  } else {
    Sender sender({.terms = Terms(granted), .option_ack = option_ack}, Time{});
    sender.handle_source(file_bytes, true, Time{});
    play(sender, request_bytes, false, steps);
  }
}

void call(const Request& request, Steps steps) {
  const Options asked = read_options(request.options);
  auto made = Requester::make({request.write, std::string(request.name), request.mode, asked}, Time{});
  if (!made) return;
  Requester& requester = *made;
  Time now{};
  std::uint64_t errors = 0;
  const auto drain_requests = [&] {
    for (int i = 0; const auto out = requester.poll_packet(now); ++i) {
      require(i < 2 && errors == 0);
      errors += is_error(*out);
    }
  };
  drain_requests();
  while (requester.end() == End::none && !requester.agreed() && steps.next()) {
    now = after(now, steps.later());
    if (requester.deadline() <= now) requester.handle_timeout(now);
    drain_requests();
    requester.handle_packet(steps.packet(), now);
    drain_requests();
  }
  const Time began = now;
  while (requester.end() == End::none && !requester.agreed()) {
    require(requester.deadline() != never && now - began < silence_max);
    now = std::max(now, requester.deadline());
    requester.handle_timeout(now);
    drain_requests();
  }
  if (!requester.agreed()) return;
  const Agreement agreed = *requester.agreed();
  require(agreed.terms.window >= 1 && agreed.terms.block_bytes >= block_bytes_min);
  if (request.write) {
    Sender sender({.terms = agreed.terms, .proved = true}, Time{});
    sender.handle_source(file_bytes, true, Time{});
    play(sender, 0, true, steps);
  } else {
    Receiver receiver({.terms = agreed.terms, .proved = true}, Time{});
    play(receiver, 0, true, steps);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Steps steps(std::as_bytes(std::span(data, size)));
  if (!steps.next()) return 0;
  const auto first = decode(steps.packet());
  if (!first || !std::holds_alternative<Request>(*first)) return 0;
  serve(std::get<Request>(*first), steps.packet().size(), steps);
  call(std::get<Request>(*first), steps);
  return 0;
}
