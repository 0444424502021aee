#pragma once
// Moves bytes from one stream to another until the first one ends, by the cheapest way that both ends allow:
// sendfile from a file, splice between sockets, pipes and files, and a buffer where bytes must be seen (TLS,
// terminals, files opened for appending). It ends nothing: finish(), abort() and who is to blame are the
// caller's.

#include <cstdint>
#include <limits>

#include "yam/net/stream.hpp"

namespace yam::net {

// Told after each move, on the loop's thread; for traces, counters and pace.
class RelayObserver {
 public:
  virtual void moved(std::size_t bytes) = 0;

 protected:
  ~RelayObserver() = default;
};

// When something last moved. The relays of both directions may share one, so that a download is not ended for
// the silence of the other direction.
struct RelayActivity {
  Time last = Time::min();
};

struct RelayOptions {
  Duration idle = Duration(-1);  // how long nothing may move; negative: no limit
  RelayActivity* activity = nullptr;
  RelayObserver* observer = nullptr;
  std::uint64_t bytes_max = std::numeric_limits<std::uint64_t>::max();
};

struct Relayed {
  enum class End : std::uint8_t { source_ended, limit_reached, reading_failed, writing_failed };

  std::uint64_t bytes = 0;  // handed to the target
  End end = End::source_ended;
  Error error;  // when one side failed; Code::timeout: nothing came (reading), nothing was taken (writing)
};

// Both streams belong to `loop` and outlive the task. An idle relay holds no buffer. What was read and not
// yet taken by the target (1 MiB at most) is lost when the task is cancelled, when the target fails and at
// the idle limit; the streams are as good as before.
Task<Relayed> relay(Loop& loop, Stream& from, Stream& to, RelayOptions options);

}  // namespace yam::net
