#include "yam/net/loop/waiter.hpp"

#include <algorithm>

namespace yam::net {

Waiter::~Waiter() {
  timers_.disarm(*this);
}

void Timers::arm(Waiter& waiter, Time deadline) {
  disarm(waiter);
  waiter.expired_ = false;
  waiter.deadline_ = deadline;
  if (deadline == never) return;
  if (deadline < now_ + 2 * tick) {
    add(waiter);
    return;
  }
  const std::int64_t number = tick_of(deadline);
  waiter.slot_ = Waiter::far_away;
  list_of(number).push(waiter);
  far_due_ = std::min(far_due_, time_of(number - 1));
}

void Timers::disarm(Waiter& waiter) {
  if (waiter.slot_ == Waiter::unarmed) return;
  if (waiter.slot_ == Waiter::far_away) {
    waiter.unlink();
    waiter.slot_ = Waiter::unarmed;
  } else {
    remove(waiter.slot_);
  }
}

void Timers::expire(Time now, ReadyList& ready) {
  now_ = now;
  if (far_due_ <= now) bring_near(now);
  while (!heap_.empty() && heap_.front()->deadline_ <= now) {
    Waiter& due = *heap_.front();
    remove(0);
    due.expired_ = true;
    ready.push(due);
  }
}

// The lists up to the tick after this one go into the heap, but for waiters of a later turn of the lists.
void Timers::bring_near(Time now) {
  const std::int64_t last = tick_of(now) + 1;
  const auto turn = static_cast<std::int64_t>(lists);
  for (std::int64_t number = std::max(near_tick_ + 1, last - turn + 1); number <= last; ++number) {
    ReadyList later;
    while (Ready* first = list_of(number).pop()) {
      Waiter& waiter = static_cast<Waiter&>(*first);
      if (tick_of(waiter.deadline_) <= last) {
        add(waiter);
      } else {
        later.push(waiter);
      }
    }
    while (Ready* first = later.pop())
      list_of(number).push(*first);
  }
  near_tick_ = last;
  far_due_ = never;
  for (std::int64_t number = last + 1; number <= last + turn && far_due_ == never; ++number)
    if (!list_of(number).empty()) far_due_ = time_of(number - 1);
}

// ---- The heap ----

void Timers::place(std::size_t slot, Waiter& waiter) {
  heap_[slot] = &waiter;
  waiter.slot_ = static_cast<std::uint32_t>(slot);
}

void Timers::add(Waiter& waiter) {
  heap_.emplace_back();
  sift_up(heap_.size() - 1, waiter);
}

void Timers::sift_up(std::size_t slot, Waiter& waiter) {
  while (slot > 0) {
    const std::size_t parent = (slot - 1) / 2;
    if (heap_[parent]->deadline_ <= waiter.deadline_) break;
    place(slot, *heap_[parent]);
    slot = parent;
  }
  place(slot, waiter);
}

void Timers::sift_down(std::size_t slot, Waiter& waiter) {
  for (;;) {
    std::size_t child = 2 * slot + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->deadline_ < heap_[child]->deadline_) ++child;
    if (waiter.deadline_ <= heap_[child]->deadline_) break;
    place(slot, *heap_[child]);
    slot = child;
  }
  place(slot, waiter);
}

void Timers::remove(std::size_t slot) {
  heap_[slot]->slot_ = Waiter::unarmed;
  Waiter& last = *heap_.back();
  heap_.pop_back();
  if (slot == heap_.size()) return;
  if (slot > 0 && last.deadline_ < heap_[(slot - 1) / 2]->deadline_) {
    sift_up(slot, last);
  } else {
    sift_down(slot, last);
  }
}

}  // namespace yam::net
