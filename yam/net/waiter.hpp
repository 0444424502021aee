#pragma once
// Something that waits for an event, but not beyond a deadline; and the heap that keeps deadlines in order.
// A Waiter disarms itself when it is destroyed.

#include <cstdint>
#include <vector>

#include "yam/base/time.hpp"
#include "yam/net/ready.hpp"

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
  std::uint32_t slot_ = unarmed;
  bool expired_ = false;
};

// A binary heap that knows where each waiter stands, so that disarming costs no search. Not for other
// threads.
class Timers {
 public:
  // Expires `waiter` at `deadline`; `never` disarms.
  void arm(Waiter& waiter, Time deadline);
  void disarm(Waiter& waiter);

  Time next() const { return heap_.empty() ? never : heap_.front().deadline; }

  // Moves what is due onto the ready list, marked expired.
  void expire(Time now, ReadyList& ready);

 private:
  struct Entry {
    Time deadline;
    Waiter* waiter;
  };
  void place(std::size_t slot, Entry entry);
  void sift_up(std::size_t slot, Entry entry);
  void sift_down(std::size_t slot, Entry entry);
  void remove(std::size_t slot);

  std::vector<Entry> heap_;
};

}  // namespace yam::net
