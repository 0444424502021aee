#pragma once
// Work that nothing can interrupt or that takes long (a name lookup, the disk, hashes), done on another
// thread while a task of the loop waits for what comes of it. Who stops waiting does not stop the work; it
// may look at a flag of its own for that.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/loop.hpp"
#include "yam/net/loop/workers.hpp"

namespace yam::net {

template <class T>
class Elsewhere {
 public:
  using Work = std::move_only_function<Result<T>()>;

  explicit Elsewhere(Loop& loop) : done_(loop), shared_(std::make_shared<Shared>()) {
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
    return begin_on_worker(
        [shared = shared_, work = std::move(work)]() mutable { carry_out(*shared, shared, work); });
  }
  // co_await elsewhere.wait(deadline): true once it is done, false when the deadline came first.
  Event::Wait wait(Time deadline = never) { return done_.wait(deadline); }
  bool is_done() const { return done_.is_set(); }
  Result<T> take() { return std::move(*shared_->outcome); }

 private:
  // Shared by the one who waits and the thread, whichever lives longer.
  struct Shared {
    std::mutex mutex;
    Loop* loop = nullptr;  // null once nobody waits any more
    Event* done = nullptr;
    std::optional<Result<T>> outcome;
  };

  static void carry_out(Shared& state, const std::shared_ptr<Shared>& shared, Work& work) {
    auto outcome = work();
    work = nullptr;  // what it owned, locks among it, is gone before anybody hears of the end
    const std::lock_guard lock(state.mutex);
    state.outcome = std::move(outcome);
    if (state.loop == nullptr) return;
    state.loop->post([shared] {
      if (shared->done != nullptr) shared->done->set();
    });
  }

  Event done_;
  std::shared_ptr<Shared> shared_;
};

// co_await it: auto doing = do_elsewhere<T>(loop, work); auto outcome = co_await std::move(doing);
template <class T>
Task<Result<T>> do_elsewhere(Loop& loop, std::move_only_function<Result<T>()> work) {
  Elsewhere<T> elsewhere(loop);
  if (auto begun = elsewhere.begin(std::move(work)); !begun) co_return fail(begun.error());
  co_await elsewhere.wait();
  co_return elsewhere.take();
}

}  // namespace yam::net
