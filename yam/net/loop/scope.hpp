#pragma once
// Owns tasks that run beside each other, and waits for them: nothing is detached. Destroying the scope
// cancels what still runs, newest first. A task must not destroy the scope that owns it.

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/task.hpp"

namespace yam::net {

class Scope final : detail::Owner {
 public:
  explicit Scope(Loop& loop) : empty_(loop) { empty_.set(); }
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // Begins `task` at once; it runs until it first waits before spawn returns.
  void spawn(Task<> task);

  std::size_t size() const { return running_; }

  // Cancels every task of the scope.
  void cancel();

  // co_await scope.drained(deadline): true when no task is left, false when the deadline came first. One
  // waiter at a time.
  Event::Wait drained(Time deadline = never) { return empty_.wait(deadline); }

 private:
  void take_back(detail::Promise<void>& ended) override;
  void destroy(detail::Promise<void>& task);

  std::size_t running_ = 0;
  detail::Promise<void>* newest_ = nullptr;
  Event empty_;  // set while no task runs
};

}  // namespace yam::net
