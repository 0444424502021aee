#pragma once
// Several loops, each on a thread of its own, doing the same work: a server runs one per core, every loop
// with its own SO_REUSEPORT listener. They share nothing but what the body hands out; asking them to stop is
// a message.

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::net {

// How many cores this process may run on (sched_getaffinity(2)), at least 1: more loops than those only get
// in each other's way. std::thread::hardware_concurrency counts the machine's, with glibc 2.36.
std::size_t usable_cores();

class LoopThreads {
 public:
  // What each thread runs. It ends soon after `stop` has been set.
  using Body = std::function<Task<>(Loop& loop, Event& stop, std::size_t index)>;

  // Starts `count` threads. Code::local when descriptors or threads ran out; then none is left running.
  static Result<std::unique_ptr<LoopThreads>> start(std::size_t count, Body body);
  ~LoopThreads() { stop(); }  // and waits for them

  // Sets every thread's `stop`. For the thread that started them; may be called again.
  void stop();
  // Runs `letter` on every loop, soon.
  void post(const std::function<void(std::size_t index)>& letter);

 private:
  struct Member {
    std::mutex mutex;
    Loop* loop = nullptr;  // null once the thread has ended
    Event* stop = nullptr;
    std::jthread thread;
  };

  LoopThreads() = default;

  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace yam::net
