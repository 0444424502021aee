#pragma once
// One thread's event loop: epoll, deadlines, and a mailbox that other threads may post to. A connection
// belongs to one loop for life; what crosses loops is a message. No callbacks: tasks await, and destroying a
// task cancels it.
//
// Everything but post() is for the loop's own thread. A thread has at most one loop at a time.

#include <cassert>
#include <memory>
#include <mutex>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/net/loop/task.hpp"
#include "yam/net/loop/waiter.hpp"

namespace yam::net {

class Loop {
 public:
  // What scratch() lends: big enough that reads of bulk data are not bound by system calls.
  static constexpr std::size_t scratch_bytes = 256 * 1024;

  // Fails when the process is out of descriptors.
  static Result<std::unique_ptr<Loop>> open();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until `task` has ended, and gives its value. Whatever else was spawned stands still between runs.
  template <class T>
  T run(Task<T> task) {
    task.begin();
    while (!task.done())
      turn();
    return task.take();
  }

  // The time when this turn began.
  Time now() const { return now_; }

  // co_await loop.sleep_until(t), co_await loop.sleep_for(50ms), co_await loop.yield().
  class Sleep;
  Sleep sleep_until(Time time);
  Sleep sleep_for(Duration span);
  Sleep yield();

  // Runs `letter()` on the loop's thread, soon. For any thread, as long as the loop exists.
  template <class F>
  void post(F letter) {
    deliver(std::make_unique<LetterOf<F>>(std::move(letter)));
  }

  // A buffer that all tasks of the loop share: what is in it is gone after the next suspension.
  ByteSpan scratch();

  // For awaiters.
  ReadyList& ready() { return ready_; }
  Timers& timers() { return timers_; }
  bool spend() { return ready_.spend(); }
  int epoll() const { return epoll_.get(); }

 private:
  struct Letter {
    virtual void read() = 0;
    virtual ~Letter() = default;
  };
  template <class F>
  struct LetterOf final : Letter {
    explicit LetterOf(F f) : letter(std::move(f)) {}
    void read() override { letter(); }
    F letter;
  };

  Loop(Fd epoll, Fd bell);
  void turn();
  void deliver(std::unique_ptr<Letter> letter);
  void read_letters();

  ReadyList ready_;
  Timers timers_;
  Time now_ = Clock::now();
  Fd epoll_;
  Fd bell_;  // an eventfd, rung when the mailbox is no longer empty
  std::mutex mailbox_mutex_;
  std::vector<std::unique_ptr<Letter>> mailbox_;
  std::unique_ptr<std::byte[]> scratch_;
};

class Loop::Sleep final : public Waiter {
 public:
  Sleep(Loop& loop, Time until) : Waiter(loop.timers()), loop_(loop), until_(until) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> sleeper) {
    sleeper_ = sleeper;
    if (until_ <= loop_.now()) {
      loop_.ready().push(*this);
    } else {
      timers_.arm(*this, until_);
    }
  }
  void await_resume() const {}
  void run() override { sleeper_.resume(); }

 private:
  Loop& loop_;
  Time until_;
  std::coroutine_handle<> sleeper_;
};

inline Loop::Sleep Loop::sleep_until(Time time) {
  return Sleep(*this, time);
}
inline Loop::Sleep Loop::sleep_for(Duration span) {
  return Sleep(*this, after(now_, span));
}
inline Loop::Sleep Loop::yield() {
  return Sleep(*this, now_);
}

}  // namespace yam::net
