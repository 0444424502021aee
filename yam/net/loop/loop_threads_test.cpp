#include "yam/net/loop/loop_threads.hpp"

#include <atomic>
#include <sched.h>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace yam::net {
namespace {

Task<> wait_for(Event& stop) {
  co_await stop.wait();
}

TEST(LoopThreads, RunTheBodyOnceOnEachThreadUntilToldToStop) {
  std::atomic<int> running = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::set<std::size_t> indices;
  auto body = [&](Loop&, Event& stop, std::size_t index) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    indices.insert(index);
    ++running;
    return wait_for(stop);
  };
  auto group = LoopThreads::start(3, body).value();
  while (running < 3)
    std::this_thread::yield();
  group->stop();
  group->stop();  // does no harm
  group.reset();  // waits for them
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_EQ(indices, (std::set<std::size_t>{0, 1, 2}));
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(LoopThreads, ReadALetterOnEveryLoop) {
  auto group = LoopThreads::start(3, [](Loop&, Event& stop, std::size_t) { return wait_for(stop); }).value();
  std::atomic<unsigned> read_by = 0;
  group->post([&](std::size_t index) { read_by |= 1U << index; });
  while (read_by != 7)
    std::this_thread::yield();
}

TEST(UsableCores, AreThoseThatTheProcessMayUse) {
  std::thread([] {
    cpu_set_t cores;
    ASSERT_EQ(::sched_getaffinity(0, sizeof cores, &cores), 0);
    EXPECT_EQ(usable_cores(), static_cast<std::size_t>(CPU_COUNT(&cores)));
    int core = 0;
    while (!CPU_ISSET(core, &cores))
      ++core;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    ASSERT_EQ(::sched_setaffinity(0, sizeof cores, &cores), 0);
    EXPECT_EQ(usable_cores(), 1U);
  }).join();
}

TEST(LoopThreads, OfWhichNoneIsThereAreNone) {
  const auto group = LoopThreads::start(0, [](Loop&, Event& stop, std::size_t) { return wait_for(stop); });
  ASSERT_TRUE(group);
  (*group)->post([](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace yam::net
