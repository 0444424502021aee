#pragma once
// What happened in conversations, for --trace: who, when, what. A Ladder merges runs of bytes in one
// direction into one rung and keeps the totals for the last line. It draws nothing (tui/ladder.hpp does),
// reads no clock and never stores the bytes themselves.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/time.hpp"

namespace yam {

// The path as the kernel sees it (TCP_INFO).
struct PathState {
  std::chrono::microseconds round_trip{};
  std::chrono::microseconds round_trip_variance{};
  std::uint64_t retransmitted = 0;  // segments, over the whole conversation
  std::uint64_t lost = 0;           // segments believed lost at this moment

  bool operator==(const PathState&) const = default;
};

// Bytes over a whole conversation.
struct LadderTotals {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;

  bool operator==(const LadderTotals&) const = default;
};

struct LadderEvent {
  enum class Actor : std::uint8_t { us, peer };
  enum class What : std::uint8_t {
    connecting,
    connected,
    accepted,
    tls_ready,
    sent,
    received,
    half_closed,
    peer_half_closed,
    closed,
    peer_closed,
    reset,
    timed_out,
    failed,
    note,   // anything else, in the words of `detail`: TFTP's blocks, a packet seen
    ended,  // the last of its conversation
  };

  Time when{};
  std::uint32_t conversation = 0;
  Actor from = Actor::us;  // the tail of the arrow
  What what = What::note;
  std::uint64_t bytes = 0;        // of all pieces
  std::uint64_t pieces = 1;       // merged into this rung
  std::uint64_t piece_bytes = 0;  // of each piece; 0 when they differ
  std::string detail;             // may come from the network: escape it before a person sees it
  std::optional<PathState> path;
  std::optional<LadderTotals> totals;  // of `ended` alone

  bool operator==(const LadderEvent&) const = default;
};

// Takes rungs that need no Ladder, because whoever hands them over has put them together. Any thread.
class LadderSink {
 public:
  // A conversation of its own begins; gives the number that its rungs carry.
  virtual std::uint32_t handle_begin(Time when, std::string_view us, std::string_view peer) = 0;
  virtual void handle_rung(LadderEvent rung) = 0;

 protected:
  ~LadderSink() = default;
};

inline constexpr std::size_t ladder_events_max = 4096;  // waiting to be drawn; more are left out and counted
inline constexpr std::size_t ladder_conversations_max = 16384;  // open at once; those beyond are not followed
inline constexpr std::size_t ladder_detail_bytes_max = 1024;    // longer details are cut
inline constexpr Duration ladder_run_max =
    std::chrono::milliseconds(250);  // a rung waits no longer for more bytes

// Call handle_event and handle_end as things happen, poll_event until empty after each, and again at
// next_due(). Not for use by two threads at once.
class Ladder {
 public:
  void handle_event(LadderEvent event);

  // The conversation is over: says `how` ("both sides closed") and its totals, and forgets it.
  void handle_end(std::uint32_t conversation, Time now, std::string_view how,
                  std::optional<PathState> path = {});

  // The next rung that is complete, in the order of events.
  std::optional<LadderEvent> poll_event(Time now);

  // When the oldest run stops waiting for more; `never` when none waits.
  Time next_due() const;

  // Rungs that found no room.
  std::uint64_t left_out() const { return left_out_; }

 private:
  struct Conversation {
    LadderTotals totals;
    std::optional<LadderEvent> run;
  };

  void finish_run(Conversation& conversation);
  void push(LadderEvent event);

  std::map<std::uint32_t, Conversation> conversations_;
  std::deque<LadderEvent> ready_;
  std::uint64_t left_out_ = 0;
};

}  // namespace yam
