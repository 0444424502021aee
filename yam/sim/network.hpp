#pragma once
// A network of datagrams on a virtual clock: every direction between two addresses is a link with the same
// faults and fates of its own (base/impairment). Damaged datagrams vanish, as a UDP checksum sees to. For
// tests: time passes only in next().

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "yam/base/bytes.hpp"
#include "yam/base/impairment.hpp"
#include "yam/base/impairment_plan.hpp"
#include "yam/base/time.hpp"

namespace yam::sim {

using Address = std::uint32_t;  // a host and its port

struct Arrival {
  Address from = 0;
  Address to = 0;
  Bytes bytes;
};

class Network {
 public:
  explicit Network(ImpairmentPlan plan);

  Time now() const { return now_; }
  void send(Address from, Address to, ByteView datagram);
  // The next datagram to arrive until then; time goes on to its arrival, or to `until` when there is none.
  // Time stays where it is when nothing is under way and `until` is `never`.
  std::optional<Arrival> next(Time until);
  // What is sent from now on only takes its time.
  void heal();

  std::uint64_t sent() const { return sent_; }
  std::uint64_t damaged() const { return damaged_; }

 private:
  using Lane = std::tuple<bool, Address, Address>;  // healed, from, to

  ImpairmentPlan plan_;
  bool healed_ = false;
  Time now_{};
  std::map<Lane, DatagramImpairment> lanes_;
  std::uint64_t sent_ = 0;
  std::uint64_t damaged_ = 0;
};

}  // namespace yam::sim
