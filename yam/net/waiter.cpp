#include "yam/net/waiter.hpp"

namespace yam::net {

Waiter::~Waiter() {
  timers_.disarm(*this);
}

void Timers::arm(Waiter& waiter, Time deadline) {
  disarm(waiter);
  waiter.expired_ = false;
  if (deadline == never) return;
  heap_.emplace_back();
  sift_up(heap_.size() - 1, {deadline, &waiter});
}

void Timers::disarm(Waiter& waiter) {
  if (waiter.slot_ != Waiter::unarmed) remove(waiter.slot_);
}

void Timers::expire(Time now, ReadyList& ready) {
  while (!heap_.empty() && heap_.front().deadline <= now) {
    Waiter& due = *heap_.front().waiter;
    remove(0);
    due.expired_ = true;
    ready.push(due);
  }
}

void Timers::place(std::size_t slot, Entry entry) {
  heap_[slot] = entry;
  entry.waiter->slot_ = static_cast<std::uint32_t>(slot);
}

void Timers::sift_up(std::size_t slot, Entry entry) {
  while (slot > 0) {
    const std::size_t parent = (slot - 1) / 2;
    if (heap_[parent].deadline <= entry.deadline) break;
    place(slot, heap_[parent]);
    slot = parent;
  }
  place(slot, entry);
}

void Timers::sift_down(std::size_t slot, Entry entry) {
  for (;;) {
    std::size_t child = 2 * slot + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1].deadline < heap_[child].deadline) ++child;
    if (entry.deadline <= heap_[child].deadline) break;
    place(slot, heap_[child]);
    slot = child;
  }
  place(slot, entry);
}

void Timers::remove(std::size_t slot) {
  heap_[slot].waiter->slot_ = Waiter::unarmed;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (slot == heap_.size()) return;
  if (slot > 0 && last.deadline < heap_[(slot - 1) / 2].deadline) {
    sift_up(slot, last);
  } else {
    sift_down(slot, last);
  }
}

}  // namespace yam::net
