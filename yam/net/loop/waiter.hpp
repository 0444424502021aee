#pragma once
// Something that waits for an event, but not beyond a deadline; and what keeps deadlines in order. A Waiter
// disarms itself when it is destroyed.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "yam/base/time.hpp"
#include "yam/net/loop/ready.hpp"

namespace yam::net {

class Timers;

class Waiter : public Ready {
 public:
  // Set when the deadline came first; the loop then runs the waiter as if it were ready.
  bool expired() const { return expired_; }

 protected:
  explicit Waiter(Timers& timers) : timers_(timers) {}
  ~Waiter();

  Timers& timers_;

 private:
  friend class Timers;
  static constexpr std::uint32_t unarmed = UINT32_MAX;
  static constexpr std::uint32_t far_away = UINT32_MAX - 1;
  Time deadline_ = never;
  std::uint32_t slot_ = unarmed;  // in the heap, or one of the two above
  bool expired_ = false;
};

// Deadlines that are near stand in a binary heap that knows each waiter's place. Those at least two ticks
// away, the idle limits that are moved on with each message and hardly ever come, only lie in the list of
// their tick, which costs no search; a list goes into the heap when its tick is near. With 1000 busy
// connections the heap alone cost 3 % of an echo server. Not for other threads.
class Timers {
 public:
  static constexpr Duration tick = std::chrono::seconds(1);

  // Expires `waiter` at `deadline`; `never` disarms.
  void arm(Waiter& waiter, Time deadline);
  void disarm(Waiter& waiter);

  // When expire() has something to do; it may find that it has not.
  Time next() const { return heap_.empty() ? far_due_ : std::min(heap_.front()->deadline_, far_due_); }

  // Moves what is due onto the ready list, marked expired.
  void expire(Time now, ReadyList& ready);

 private:
  static constexpr std::size_t lists = 256;  // later ticks take another turn
  static std::int64_t tick_of(Time time) { return time.time_since_epoch() / tick; }
  static Time time_of(std::int64_t tick_number) { return Time(tick_number * tick); }
  ReadyList& list_of(std::int64_t tick_number) { return far_[static_cast<std::size_t>(tick_number) % lists]; }

  void bring_near(Time now);
  void sift_up(std::size_t slot, Waiter& waiter);
  void sift_down(std::size_t slot, Waiter& waiter);
  void place(std::size_t slot, Waiter& waiter);
  void add(Waiter& waiter);
  void remove(std::size_t slot);

  std::vector<Waiter*> heap_;
  std::array<ReadyList, lists> far_;
  Time now_{};
  std::int64_t near_tick_ = 0;  // ticks up to this one have been brought near
  Time far_due_ = never;        // when the first list that is not empty has to be
};

}  // namespace yam::net
