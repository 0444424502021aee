#pragma once
// A flag that one task waits for and another sets; setting it before the wait is not lost. One loop, one
// waiter.

#include "yam/net/loop/loop.hpp"

namespace yam::net {

class Event {
 public:
  explicit Event(Loop& loop) : loop_(loop) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool is_set() const { return set_; }
  void set() {
    set_ = true;
    if (waiter_ == nullptr) return;
    loop_.timers().disarm(*waiter_);
    loop_.ready().push(*waiter_);
    waiter_ = nullptr;
  }
  void reset() { set_ = false; }

  // co_await event.wait(deadline): true when it was set, false when the deadline came first.
  class Wait;
  Wait wait(Time deadline = never);

 private:
  Loop& loop_;
  Waiter* waiter_ = nullptr;
  bool set_ = false;
};

class Event::Wait final : public Waiter {
 public:
  Wait(Event& event, Time deadline) : Waiter(event.loop_.timers()), event_(event), deadline_(deadline) {}
  ~Wait() {
    if (event_.waiter_ == this) event_.waiter_ = nullptr;
  }
  bool await_ready() const { return event_.set_; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    event_.waiter_ = this;
    timers_.arm(*this, deadline_);
  }
  bool await_resume() const { return event_.set_; }
  void run() override { waiting_.resume(); }

 private:
  Event& event_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
};

inline Event::Wait Event::wait(Time deadline) {
  return Wait(*this, deadline);
}

}  // namespace yam::net
