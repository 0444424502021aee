#pragma once
// Work that waits for the disk or takes long, done on a thread of its own while a task of the loop waits for
// what comes of it. Who stops waiting does not stop the work; it may look at a flag of its own for that.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::service {

template <class T>
class Elsewhere {
 public:
  using Work = std::move_only_function<Result<T>()>;

  explicit Elsewhere(net::Loop& loop) : done_(loop), shared_(std::make_shared<Shared>()) {
    shared_->loop = &loop;
    shared_->done = &done_;
  }
  ~Elsewhere() {
    const std::lock_guard lock(shared_->mutex);
    shared_->loop = nullptr;
    shared_->done = nullptr;
  }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;

  // Code::local when there is no thread to be had; the work is undone then.
  Result<> begin(Work work) {
    try {
      std::thread([shared = shared_, work = std::move(work)]() mutable {
        carry_out(*shared, shared, work);
      }).detach();
    } catch (const std::system_error& fault) {
      return fail_os("cannot start a thread", fault.code().value());
    }
    return {};
  }
  auto wait() { return done_.wait(); }
  Result<T> take() { return std::move(*shared_->outcome); }

 private:
  // Shared by the one who waits and the thread, whichever lives longer.
  struct Shared {
    std::mutex mutex;
    net::Loop* loop = nullptr;  // null once nobody waits any more
    net::Event* done = nullptr;
    std::optional<Result<T>> outcome;
  };

  static void carry_out(Shared& state, const std::shared_ptr<Shared>& shared, Work& work) {
    auto outcome = work();
    const std::lock_guard lock(state.mutex);
    state.outcome = std::move(outcome);
    if (state.loop == nullptr) return;
    state.loop->post([shared] {
      if (shared->done != nullptr) shared->done->set();
    });
  }

  net::Event done_;
  std::shared_ptr<Shared> shared_;
};

// co_await it: auto doing = do_elsewhere<T>(loop, work); auto outcome = co_await std::move(doing);
template <class T>
net::Task<Result<T>> do_elsewhere(net::Loop& loop, std::move_only_function<Result<T>()> work) {
  Elsewhere<T> elsewhere(loop);
  if (auto begun = elsewhere.begin(std::move(work)); !begun) co_return fail(begun.error());
  co_await elsewhere.wait();
  co_return elsewhere.take();
}

}  // namespace yam::service
