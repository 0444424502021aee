#pragma once
// Joins two endpoints, either of which may wait for others: each connection that comes to a listening side is
// joined with a fresh call of the other one. When both sides listen, connections are matched in the order in
// which they come: the first on the left with the first on the right, and so on. A pair that fails ends
// alone. A file on the left is read, one on the right is written: with ?append behind what is there, else
// anew by each pair (service/pipe/pipe_file.hpp).

#include <cstdint>
#include <memory>
#include <string>

#include "yam/base/address/endpoint.hpp"
#include "yam/net/connection.hpp"
#include "yam/service/pipe/pipe_pair.hpp"

namespace yam::service {

// How long a datagram peer that came to us may be silent before its conversation is over.
inline constexpr Duration datagram_idle_default = std::chrono::seconds(60);
inline constexpr std::uint64_t pipe_connections_default = 256;

struct PipeOptions {
  PipeOptions() = default;

  Endpoint left;
  Endpoint right;
  ExchangeRules ending;
  Duration timeout = net::connect_timeout_default;           // for a call, and for a TLS handshake
  std::optional<ImpairmentPlan> impairment;                  // with its seed; both ways alike
  std::uint64_t connections_max = pipe_connections_default;  // at once; others wait in the kernel's queue
  bool once = false;                                         // one pair, then the end
  net::Identity identity;                                    // for listening TLS sides without ?cert=

  bool listens() const { return left.side == Side::listening || right.side == Side::listening; }
  // One pair and then the end: nobody is waited for, or once was asked for, or stdin and stdout, which are
  // there once, are a side.
  bool is_single() const {
    return once || !listens() || left.scheme == Scheme::stdio || right.scheme == Scheme::stdio;
  }
};

// Both ends of one pair. A called side that is a program has its exit to tell once the pair has ended.
struct PipeConnections {
  PipeConnections() = default;

  std::uint32_t number = 0;  // from 1
  net::Connection left;
  net::Connection right;
};

// Told what happens, on the loop's thread.
class PipeObserver {
 public:
  // Where a side really waits.
  virtual void listening(const std::string& address) = 0;
  // Both sides are there. Their streams may be replaced by ones that look on.
  virtual void joined(PipeConnections& pair) = 0;
  virtual void ended(const PipeConnections& pair, const PipeEnd& end) = 0;
  // A connection that came to us found no other side, or failed in its handshake.
  virtual void failed(const std::string& peer, const Error& fault) = 0;

 protected:
  ~PipeObserver() = default;
};

struct PipeTotals {
  std::uint64_t connections = 0;  // pairs joined
  std::uint64_t failures = 0;     // pairs that ended in a fault, or never came to be
  PipeTraffic traffic;
};

// Refuses what makes no sense for these endpoints (Code::usage): a side twice, impairments that neither side
// can suffer, and endpoints that pipe does not speak.
Result<void> check(const PipeOptions& options);

// Runs until the one conversation is over, or, when a side listens, until it is cancelled. The Error is what
// the exit status tells: a side that cannot listen, or how the one conversation failed. All references
// outlive the task; cancelling it closes everything.
net::Task<Result<void>> pipe(net::Loop& loop, net::Children& children, PipeOptions options,
                             PipeObserver& observer, PipeTotals& totals);

}  // namespace yam::service
