#pragma once
// Two streams joined until they are done, over a bad link when asked: one conversation of `yam pipe`. How it
// ended is a value, told by sides (left and right, not ours and theirs). It opens nothing and prints nothing.

#include "yam/service/exchange.hpp"
#include "yam/service/pipe/impaired_stream.hpp"

namespace yam::service {

struct PipeSide {
  explicit PipeSide(net::Stream& s) : stream(s) {}

  net::Stream& stream;  // of the pair's loop; outlives it
  // A program, whose end is the end of the conversation, read or unread.
  bool is_program = false;
  // Nothing ever comes from it (a file that is written), which is not taken for an end.
  bool is_mute = false;
};

struct PipeRules {
  PipeRules() = default;

  ExchangeRules ending;
  std::optional<ImpairmentPlan> impairment;  // with its seed
  std::uint64_t number = 0;                  // among the pairs of one run: each has fates of its own
};

// What both directions of a pair, or of many, came to; counted when a pair ends, be it by cancellation.
struct PipeTraffic {
  std::uint64_t rightward = 0;  // bytes from left to right
  std::uint64_t leftward = 0;
  ImpairmentCounters rightward_link;
  ImpairmentCounters leftward_link;
};

struct PipeEnd {
  enum class How : std::uint8_t { both_ended, one_ended, word_said, fell_silent, failed };
  How how = How::both_ended;
  bool left_first = false;  // whose end came first, of one or both
  std::uint64_t rightward = 0;
  std::uint64_t leftward = 0;
  std::optional<Error> fault;

  // "both sides closed, left first", "right closed", "nothing moved for 5s", or the fault's words.
  std::string words() const;
};

// Joins them to their end: a fault on one side resets the other, so that nobody takes it for a good end.
// `traffic` gains what this pair moved, and outlives the task.
net::Task<PipeEnd> join(net::Loop& loop, PipeSide left, PipeSide right, PipeRules rules,
                        PipeTraffic& traffic);

}  // namespace yam::service
