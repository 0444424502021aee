#pragma once
// Owns tasks that run beside each other, and waits for them: nothing is detached. Destroying the scope
// cancels what still runs, newest first. A task must not destroy the scope that owns it.

#include "yam/net/loop.hpp"
#include "yam/net/task.hpp"

namespace yam::net {

class Scope final : detail::Owner {
 public:
  explicit Scope(Loop& loop) : loop_(loop) {}
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // Begins `task` at once; it runs until it first waits before spawn returns.
  void spawn(Task<> task);

  std::size_t size() const { return running_; }

  // Cancels every task of the scope.
  void cancel();

  // co_await scope.drained(deadline): true when no task is left, false when the deadline came first.
  // One waiter at a time.
  class Drained;
  Drained drained(Time deadline = never);

 private:
  void take_back(detail::Promise<void>& ended) override;
  void destroy(detail::Promise<void>& task);

  Loop& loop_;
  std::size_t running_ = 0;
  detail::Promise<void>* newest_ = nullptr;
  Waiter* drain_waiter_ = nullptr;
};

class Scope::Drained final : public Waiter {
 public:
  Drained(Scope& scope, Time deadline) : Waiter(scope.loop_.timers()), scope_(scope), deadline_(deadline) {}
  ~Drained() {
    if (scope_.drain_waiter_ == this) scope_.drain_waiter_ = nullptr;
  }
  bool await_ready() const { return scope_.running_ == 0; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    scope_.drain_waiter_ = this;
    timers_.arm(*this, deadline_);
  }
  bool await_resume() const { return scope_.running_ == 0; }
  void run() override { waiting_.resume(); }

 private:
  Scope& scope_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
};

inline Scope::Drained Scope::drained(Time deadline) {
  return Drained(*this, deadline);
}

}  // namespace yam::net
