#include "yam/net/loop/loop.hpp"

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

TEST(LoopTest, SleepersWakeInTheOrderOfTheirDeadlines) {
  const auto sleeper = [](Loop* loop, Duration span, std::vector<Duration>* woke) -> Task<> {
    co_await loop->sleep_for(span);
    woke->push_back(span);
  };
  const auto all = [](Scope* scope) -> Task<> { co_await scope->drained(); };
  auto loop = Loop::open().value();
  std::vector<Duration> woke;
  Scope scope(*loop);
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i)
    scope.spawn(sleeper(loop.get(), std::chrono::microseconds(random() % 5000), &woke));
  loop->run(all(&scope));
  EXPECT_EQ(woke.size(), 500u);
  EXPECT_TRUE(std::is_sorted(woke.begin(), woke.end()));
}

// Disarming from the middle of the heap must keep its order (a wrong sift shows as a late waker).
TEST(LoopTest, CancelledSleepersLeaveTheOthersInOrder) {
  const auto sleeper = [](Loop* loop, Duration span, std::vector<Duration>* woke) -> Task<> {
    co_await loop->sleep_for(span);
    woke->push_back(span);
  };
  const auto all = [](Scope* scope) -> Task<> { co_await scope->drained(); };
  auto loop = Loop::open().value();
  std::vector<Duration> woke;
  Scope kept(*loop);
  std::mt19937 random(11);
  {
    Scope cancelled(*loop);
    for (int i = 0; i < 300; ++i) {
      Scope& scope = i % 3 == 0 ? kept : cancelled;
      scope.spawn(sleeper(loop.get(), std::chrono::microseconds(random() % 5000), &woke));
    }
  }
  loop->run(all(&kept));
  EXPECT_EQ(woke.size(), 100u);
  EXPECT_TRUE(std::is_sorted(woke.begin(), woke.end()));
}

TEST(LoopTest, LettersFromManyThreadsAllArriveAndInOrderPerThread) {
  constexpr int threads = 4, letters = 5000;
  const auto wait = [](Event* done) -> Task<> { co_await done->wait(); };
  auto loop = Loop::open().value();
  Event done(*loop);
  std::vector<int> last(threads, -1);
  int seen = 0;
  bool ordered = true;
  {
    std::vector<std::jthread> senders;
    for (int t = 0; t < threads; ++t) {
      senders.emplace_back([&, t] {
        for (int i = 0; i < letters; ++i) {
          loop->post([&, t, i] {
            ordered = ordered && last[static_cast<std::size_t>(t)] == i - 1;
            last[static_cast<std::size_t>(t)] = i;
            if (++seen == threads * letters) done.set();
          });
        }
      });
    }
    loop->run(wait(&done));
  }
  EXPECT_EQ(seen, threads * letters);
  EXPECT_TRUE(ordered);
}

// One that never has to wait must still let the others run.
TEST(LoopTest, ABusyTaskDoesNotStarveASleeper) {
  const auto busy = [](Loop* loop, const bool* stop) -> Task<int> {
    int turns = 0;
    while (!*stop) {
      co_await loop->yield();
      ++turns;
    }
    co_return turns;
  };
  const auto sleeper = [](Loop* loop, bool* stop) -> Task<> {
    co_await loop->sleep_for(1ms);
    *stop = true;
  };
  auto loop = Loop::open().value();
  bool stop = false;
  Scope scope(*loop);
  scope.spawn(sleeper(loop.get(), &stop));
  EXPECT_GT(loop->run(busy(loop.get(), &stop)), 0);
}

}  // namespace
}  // namespace yam::net
