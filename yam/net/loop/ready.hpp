#pragma once
// What the loop runs next. A Ready stands in at most one list and takes itself out when it is destroyed,
// which is how destroying a Task cancels whatever it waited for. One thread: the one whose loop it is.

#include <coroutine>
#include <cstdint>

namespace yam::net {

class Ready {
 public:
  Ready() = default;
  Ready(const Ready&) = delete;
  Ready& operator=(const Ready&) = delete;

  virtual void run() = 0;  // may destroy *this

 protected:
  ~Ready() { unlink(); }
  void unlink() {
    if (next_ == nullptr) return;
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = previous_ = nullptr;
  }

 private:
  friend class ReadyList;

  Ready* next_ = nullptr;
  Ready* previous_ = nullptr;
};

// The loop's ready list, and the allowance of whoever runs: what completes at once may go on without coming
// back here `allowance_per_turn` times, then it queues behind the others. That keeps one busy connection from
// starving the rest, and bounds the stack where symmetric transfer is no tail call (g++ at -O0, -Og and under
// ASan).
class ReadyList {
 public:
  static constexpr std::uint32_t allowance_per_turn = 64;

  ReadyList() { end_.next_ = end_.previous_ = &end_; }
  ~ReadyList() {
    while (!empty())
      end_.next_->unlink();
  }
  ReadyList(const ReadyList&) = delete;
  ReadyList& operator=(const ReadyList&) = delete;

  bool empty() const { return end_.next_ == &end_; }

  // Queues `ready` unless it is queued already.
  void push(Ready& ready) {
    if (ready.next_ != nullptr) return;
    ready.next_ = &end_;
    ready.previous_ = end_.previous_;
    end_.previous_->next_ = &ready;
    end_.previous_ = &ready;
  }

  // The first one, no longer queued; null when there is none.
  Ready* pop() {
    if (empty()) return nullptr;
    Ready* first = end_.next_;
    first->unlink();
    return first;
  }

  // Runs what was queued when the call began; what that queues in turn waits for the next call.
  void run_batch() {
    Mark last;
    push(last);
    while (end_.next_ != &last) {
      Ready* next = end_.next_;
      next->unlink();
      allowance_ = allowance_per_turn;
      next->run();
    }
  }

  // True while the running one may go on at once.
  bool spend() { return allowance_ != 0 && allowance_-- != 0; }

  // The list of this thread's loop, while there is one.
  static inline constinit thread_local ReadyList* current = nullptr;

 private:
  struct Mark final : Ready {
    void run() override {}
  };

  Mark end_;
  std::uint32_t allowance_ = allowance_per_turn;
};

// Resumes a coroutine from the ready list.
class ReadyHandle final : public Ready {
 public:
  // Goes to `next` at once while the allowance lasts, else through the ready list.
  std::coroutine_handle<> hop_to(std::coroutine_handle<> next) {
    if (ReadyList::current->spend()) return next;
    next_handle_ = next;
    ReadyList::current->push(*this);
    return std::noop_coroutine();
  }
  void run() override { next_handle_.resume(); }

 private:
  std::coroutine_handle<> next_handle_;
};

}  // namespace yam::net
