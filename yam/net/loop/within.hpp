#pragma once
// Bounds any wait: co_await within(loop, deadline, std::move(task)) gives the task's own result, or, when the
// deadline comes first, cancels the task and gives a timeout that says what was being waited for.

#include <string>

#include "yam/base/result.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::net {

template <class T>
class [[nodiscard]] Within final : public Waiter {
 public:
  Within(Loop& loop, Time deadline, Task<Result<T>> task, std::string what)
      : Waiter(loop.timers()), task_(std::move(task)), what_(std::move(what)), deadline_(deadline) {}

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    timers_.arm(*this, deadline_);
    task_.begin(waiting);
  }
  Result<T> await_resume() {
    if (task_.done()) return task_.take();
    return fail(Code::timeout, what_ + ": time ran out");
  }
  // The deadline. A task that ended in this very turn has ended well.
  void run() override {
    if (task_.done()) return;
    task_.cancel();
    waiting_.resume();
  }

 private:
  Task<Result<T>> task_;
  std::string what_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
};

// `what` reads on with ": time ran out", as in "cannot connect to tcp://[::1]:80".
template <class T>
Within<T> within(Loop& loop, Time deadline, Task<Result<T>> task, std::string what) {
  return Within<T>(loop, deadline, std::move(task), std::move(what));
}

}  // namespace yam::net
