#pragma once
// A bad link from a seed: what enters leaves late, twice, damaged, out of order or never. No clock and no
// sockets: hand in what arrives with handle_*, then drain poll_* until empty, and come back at next_due().
// The same plan, lane and calls give the same fates on every platform. Not for use by two threads at once.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/base/impairment_plan.hpp"
#include "yam/base/random.hpp"
#include "yam/base/time.hpp"

namespace yam {

inline constexpr std::size_t impaired_datagrams_max =
    1024;  // in flight; more are dropped, as a full router does
inline constexpr std::size_t impaired_bytes_max = 4 << 20;         // of datagrams in flight
inline constexpr std::size_t impaired_stream_bytes_max = 1 << 20;  // of a stream in flight; more is not taken
inline constexpr std::size_t impaired_pieces_max = 1 << 14;        // that those bytes came in
inline constexpr Duration reorder_hold = std::chrono::milliseconds(20);  // how late the overtaken come

// Datagrams for the first five and `cut` of a datagram link; bytes for `passed` and `cut` of a stream.
struct ImpairmentCounters {
  std::uint64_t passed = 0;  // left the link, copies too
  std::uint64_t lost = 0;    // by chance
  std::uint64_t copied = 0;
  std::uint64_t reordered = 0;
  std::uint64_t overflowed = 0;  // the queue was full
  std::uint64_t cut = 0;         // came after the cut
  std::uint64_t flipped = 0;     // bits

  std::string to_string() const;  // "passed 97, lost 2, copied 1": what is 0 is left out, but for passed

  bool operator==(const ImpairmentCounters&) const = default;
};

// What both kinds of link share: damage, and the queue in front of a wire that carries so many bytes a
// second.
class ImpairedWire {
 public:
  // Lanes of one plan have fates of their own: give each connection and each direction another number.
  ImpairedWire(const ImpairmentPlan& plan, std::uint64_t lane);

  // When `bytes` that come `now` have passed the wire; those before them go first.
  Time carry(std::size_t bytes, Time now);
  // The delay for one packet: the plan's, varied by its jitter.
  Duration delay();
  bool chance(double probability) { return fates_.chance(probability); }
  // Inverts bits and says how many. It takes one number a byte, so damage depends on the position alone; a
  // byte loses at most one bit.
  std::uint64_t damage(ByteSpan bytes);

 private:
  Duration delay_, jitter_;
  std::optional<Rate> rate_;
  double damaged_byte_;
  Random fates_;
  Random flips_;
  Time free_at_ = Time::min();
};

// One direction of a link for datagrams. Those behind the cut vanish.
class DatagramImpairment {
 public:
  explicit DatagramImpairment(const ImpairmentPlan& plan, std::uint64_t lane = 0);

  // Copies what it keeps.
  void handle_datagram(ByteView datagram, Time now);

  // The next datagram that is due, and so on until there is none.
  std::optional<Bytes> poll_datagram(Time now);

  // When poll_datagram has something to give; `never` when nothing is in flight.
  Time next_due() const;

  const ImpairmentCounters& counters() const { return counters_; }

 private:
  struct InFlight {
    Time due;
    std::uint64_t number;  // equals leave in the order they came
    Bytes bytes;
    bool leaves_after(const InFlight& other) const;
  };

  void launch(Bytes bytes, Time due);

  ImpairmentPlan plan_;
  ImpairedWire wire_;
  std::vector<InFlight> in_flight_;  // a heap, the next to leave in front
  std::size_t in_flight_bytes_ = 0;
  std::uint64_t offered_bytes_ = 0;
  std::uint64_t numbers_ = 0;
  ImpairmentCounters counters_;
};

// One direction of a stream: late, slow, damaged and cut, but always in order. Loss, copies and reordering
// are no faults of a stream (TCP repairs them) and do nothing here.
class StreamImpairment {
 public:
  enum class End : std::uint8_t { clean, cut, reset };

  explicit StreamImpairment(const ImpairmentPlan& plan, std::uint64_t lane = 0);

  // How many bytes handle_bytes takes now. At 0, stop reading from the source until poll_bytes has made room.
  std::size_t room() const;

  // Takes the first room() bytes and says how many; bytes behind the cut or the end count as taken, and
  // vanish.
  std::size_t handle_bytes(ByteView bytes, Time now);

  // The source has ended; that travels as its bytes do.
  void handle_end(Time now);

  // The next piece that is due, never empty, and so on until there is none.
  std::optional<Bytes> poll_bytes(Time now);

  // Said once, when all bytes before it are out.
  std::optional<End> poll_end(Time now);

  // When poll_bytes or poll_end has something to give; `never` when nothing is in flight.
  Time next_due() const;

  const ImpairmentCounters& counters() const { return counters_; }

 private:
  struct Piece {
    Time due;
    Bytes bytes;
  };

  Time due_for(std::size_t bytes, Time now);

  ImpairmentPlan plan_;
  ImpairedWire wire_;
  std::deque<Piece> in_flight_;
  std::size_t in_flight_bytes_ = 0;
  std::size_t piece_bytes_max_;
  std::uint64_t taken_bytes_ = 0;
  Time last_due_ = Time::min();
  std::optional<End> end_;
  Time end_due_ = never;
  bool ending_ = false;
  ImpairmentCounters counters_;
};

}  // namespace yam
