#include "yam/net/loop/waiter.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "yam/base/random.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

// Notes that it was run; `deadline` is what the test armed it with, `never` while it is not.
struct Probe final : Waiter {
  explicit Probe(Timers& timers) : Waiter(timers) {}
  void run() override {
    ran = true;
    armed = never;
  }
  Time armed = never;
  bool ran = false;
};

// Near and far deadlines, moved on, disarmed and destroyed in random order, on a clock that jumps: nobody is
// early, nobody is late, and next() never lets the loop sleep over a deadline.
TEST(TimersTest, ExpireEachWaiterAtTheFirstLookAfterItsDeadline) {
  Random random(5);
  Timers timers;
  ReadyList ready;
  std::vector<std::unique_ptr<Probe>> probes;
  for (int i = 0; i < 300; ++i)
    probes.push_back(std::make_unique<Probe>(timers));
  Time now = Time(12345s);
  timers.expire(now, ready);

  for (int step = 0; step < 3000; ++step) {
    for (int i = 0; i < 20; ++i) {
      auto& probe = probes[random.next() % probes.size()];
      switch (random.next() % 8) {
        case 0:
          timers.disarm(*probe);
          probe->armed = never;
          break;
        case 1:
          probe = std::make_unique<Probe>(timers);
          break;
        default: {
          const Duration far =
              std::chrono::milliseconds(random.next() % 900'000);  // beyond one turn of the lists
          const Duration near = std::chrono::milliseconds(random.next() % 4'000);
          probe->armed = now + (random.next() % 2 == 0 ? far : near);
          timers.arm(*probe, probe->armed);
        }
      }
    }
    Time earliest = never;
    for (const auto& probe : probes)
      earliest = std::min(earliest, probe->armed);
    ASSERT_LE(timers.next(), earliest);

    now += std::chrono::milliseconds(random.next() % (step % 100 == 0 ? 600'000 : 2'500));
    std::vector<Probe*> due;
    for (const auto& probe : probes)
      if (probe->armed <= now) due.push_back(probe.get());
    timers.expire(now, ready);
    for (const auto& probe : probes)
      probe->ran = false;
    ready.run_batch();
    std::size_t ran = 0;
    for (const auto& probe : probes)
      ran += probe->ran ? 1 : 0;
    ASSERT_EQ(ran, due.size()) << "step " << step;
    for (const Probe* probe : due)
      ASSERT_TRUE(probe->ran) << "step " << step;
  }
}

TEST(TimersTest, HasNothingToDoWithoutWaiters) {
  Timers timers;
  ReadyList ready;
  {
    Probe probe(timers);
    timers.arm(probe, Time(500s));
    EXPECT_LE(timers.next(), Time(500s));
  }
  timers.expire(Time(500s), ready);  // a look at an empty list
  EXPECT_EQ(timers.next(), never);
  EXPECT_TRUE(ready.empty());
}

}  // namespace
}  // namespace yam::net
