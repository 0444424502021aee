#include "yam/net/loop/workers.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace yam::net {

namespace {

using Work = std::move_only_function<void()>;

constexpr std::chrono::seconds idle_limit{5};
constexpr std::size_t idle_threads_max = 16;

class Workers {
 public:
  Result<> begin(Work work) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() < idle_) {
        waiting_.push_back(std::move(work));
        changed_.notify_one();
        return {};
      }
    }
    try {
      std::thread([this, first = std::move(work)]() mutable { serve(std::move(first)); }).detach();
    } catch (const std::system_error& fault) {
      return fail_os("cannot start a thread", fault.code().value());
    }
    return {};
  }

 private:
  void serve(Work work) {
    while (work) {
      work();
      work = next();
    }
  }

  // Empty when nothing came for a while.
  Work next() {
    std::unique_lock lock(mutex_);
    if (idle_ == idle_threads_max) return {};
    ++idle_;
    changed_.wait_for(lock, idle_limit, [this] { return !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return {};
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    return work;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> waiting_;  // never more than there are idle threads
  std::size_t idle_ = 0;
};

// Never destroyed: its threads may outlive main().
Workers& workers() {
  static Workers& all = *new Workers;
  return all;
}

}  // namespace

Result<> begin_on_worker(Work work) {
  return workers().begin(std::move(work));
}

}  // namespace yam::net
