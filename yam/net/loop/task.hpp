#pragma once
// A coroutine that starts when it is awaited (or spawned into a Scope, or run by a Loop), and that is
// cancelled by destroying it: every awaiter takes itself off the loop in its destructor. A Task belongs to
// one thread.
//
// g++ 12 forgets to tell its temporaries apart inside a co_await expression: name the object first, then
// await. Parameters by value; no captures in a lambda coroutine (ARCHITECTURE.md, "g++ 12 and coroutines").

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "yam/net/loop/ready.hpp"

namespace yam::net {

template <class T = void>
class Task;

namespace detail {

template <class T>
class Promise;

// Who keeps a spawned task: told when it has ended, and then destroys it (Scope).
class Owner {
 public:
  virtual void take_back(Promise<void>& ended) = 0;

 protected:
  ~Owner() = default;
};

class PromiseBase {
 public:
  struct Final {
    bool await_ready() const noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> ended) const noexcept {
      return ended.promise().end();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() const noexcept { return {}; }
  // Faults are values here: an exception that comes this far is our bug or an empty heap.
  [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

  // Where to go when `awaiting` awaits the task `self`.
  std::coroutine_handle<> start(std::coroutine_handle<> self, std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    return hop_.hop_to(self);
  }
  void set_awaiting(std::coroutine_handle<> awaiting) { awaiting_ = awaiting; }

  // Where to go when the task has ended.
  std::coroutine_handle<> end() noexcept {
    return awaiting_ ? hop_.hop_to(awaiting_) : std::noop_coroutine();
  }

 private:
  std::coroutine_handle<> awaiting_;
  ReadyHandle hop_;
};

template <class T>
class Promise : public PromiseBase {
 public:
  void return_value(T value) { value_.emplace(std::move(value)); }
  T take() {
    assert(value_ && "a task's value is there once, after its end");
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  void return_void() const noexcept {}
  void take() const noexcept {}

  std::coroutine_handle<> end() noexcept {
    if (owner == nullptr) return PromiseBase::end();
    owner->take_back(*this);  // *this is gone
    return std::noop_coroutine();
  }

  // Set while an Owner keeps the task; the neighbours are the owner's.
  Owner* owner = nullptr;
  Promise* older = nullptr;
  Promise* newer = nullptr;
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type : detail::Promise<T> {
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
  };

  Task() = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      cancel();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() { cancel(); }

  // Ends the task where it stands; what it owns is destroyed, newest first.
  void cancel() {
    if (auto handle = std::exchange(handle_, nullptr)) handle.destroy();
  }

  explicit operator bool() const { return handle_ != nullptr; }
  bool done() const { return handle_ && handle_.done(); }

  // The value of a task that is done(), once.
  T take() { return handle_.promise().take(); }

  auto operator co_await() && noexcept {
    struct Awaiter {
      std::coroutine_handle<promise_type> child;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept {
        return child.promise().start(child, awaiting);
      }
      T await_resume() const { return child.promise().take(); }
    };
    return Awaiter{handle_};
  }

  // For those who build on tasks (Loop, Scope, within): begin without awaiting it; hand it over to an owner.
  void begin(std::coroutine_handle<> awaiting = nullptr) {
    handle_.promise().set_awaiting(awaiting);
    handle_.resume();
  }
  std::coroutine_handle<promise_type> release() { return std::exchange(handle_, nullptr); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

}  // namespace yam::net
