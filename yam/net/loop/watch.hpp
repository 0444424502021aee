#pragma once
// One descriptor's readiness on one loop, kept from epoll's edges: `readable` and `writable` stay set until
// an attempt shows otherwise, so a busy connection asks epoll nothing. At most one waiter each way. The
// descriptor must be non-blocking and outlive the Watch. Regular files, which epoll refuses, are always
// ready.

#include <cstdint>

#include "yam/net/loop/loop.hpp"

namespace yam::net {

class Watch {
 public:
  // Never fails for a valid descriptor short of the kernel's own limits; then it is an Error of code local.
  static Result<void> attach(Watch& watch, int fd);

  explicit Watch(Loop& loop) : loop_(loop) {}
  ~Watch() { detach(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void detach();

  Loop& loop() const { return loop_; }
  int fd() const { return fd_; }
  bool is_readable() const { return readable_; }
  bool is_writable() const { return writable_; }
  // The peer has sent its FIN, or the connection broke: reading will say which.
  bool has_hung_up() const { return hung_up_; }

  // A read would block: nothing more until the next edge.
  void drained() { readable_ = always_ready_; }
  // A read came back short: drained, unless the end of the stream is still to be read.
  void came_short() { readable_ = always_ready_ || hung_up_; }
  // A write would block, or took only a part.
  void filled() { writable_ = always_ready_; }

  // co_await watch.readable(deadline): true once an attempt is worthwhile, false when the deadline came
  // first.
  class Readiness;
  Readiness readable(Time deadline = never);
  Readiness writable(Time deadline = never);

  // For awaiters that are waiters themselves; they take themselves off with forget().
  void expect_readable(Waiter& reader) { reader_ = &reader; }
  void expect_writable(Waiter& writer) { writer_ = &writer; }
  void forget(const Waiter& waiter) {
    if (reader_ == &waiter) reader_ = nullptr;
    if (writer_ == &waiter) writer_ = nullptr;
  }

  // For the loop: what epoll said.
  void handle_events(std::uint32_t events);

 private:
  void wake(Waiter*& waiter);

  Loop& loop_;
  Waiter* reader_ = nullptr;
  Waiter* writer_ = nullptr;
  int fd_ = -1;
  bool readable_ = false;
  bool writable_ = true;
  bool hung_up_ = false;
  bool always_ready_ = false;
};

class Watch::Readiness final : public Waiter {
 public:
  enum class Way : bool { reading, writing };
  Readiness(Watch& watch, Way way, Time deadline)
      : Waiter(watch.loop().timers()), watch_(watch), deadline_(deadline), way_(way) {}
  ~Readiness() { watch_.forget(*this); }

  bool await_ready() { return is_due() && watch_.loop().spend(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    if (is_due()) {
      watch_.loop().ready().push(*this);
      return;
    }
    way_ == Way::reading ? watch_.expect_readable(*this) : watch_.expect_writable(*this);
    timers_.arm(*this, deadline_);
  }
  bool await_resume() const { return !expired(); }
  void run() override {
    watch_.forget(*this);
    waiting_.resume();
  }

 private:
  bool is_due() const { return way_ == Way::reading ? watch_.is_readable() : watch_.is_writable(); }

  Watch& watch_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
  Way way_;
};

inline Watch::Readiness Watch::readable(Time deadline) {
  return Readiness(*this, Readiness::Way::reading, deadline);
}
inline Watch::Readiness Watch::writable(Time deadline) {
  return Readiness(*this, Readiness::Way::writing, deadline);
}

}  // namespace yam::net
