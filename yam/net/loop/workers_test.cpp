#include "yam/net/loop/workers.hpp"

#include <future>
#include <latch>
#include <memory>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace yam::net {
namespace {

std::thread::id run_one() {
  auto told = std::make_shared<std::promise<std::thread::id>>();  // with the thread
  auto id = told->get_future();
  EXPECT_TRUE(begin_on_worker([told] { told->set_value(std::this_thread::get_id()); }));
  return id.get();
}

struct Latches {
  static constexpr int count = 40;
  std::latch here{count}, go{1}, left{count};
};

TEST(Workers, OneServesAgain) {
  std::set<std::thread::id> seen;
  while (seen.insert(run_one()).second) {
  }
}

TEST(Workers, NobodyWaitsForAnother) {
  const auto latches = std::make_shared<Latches>();  // with the threads
  for (int i = 0; i < Latches::count; ++i)
    ASSERT_TRUE(begin_on_worker([latches] {
      latches->here.count_down();
      latches->go.wait();
      latches->left.count_down();
    }));
  latches->here.wait();
  latches->go.count_down();
  latches->left.wait();
  EXPECT_NE(run_one(), std::this_thread::get_id());
}

}  // namespace
}  // namespace yam::net
