#include "yam/net/loop/signals.hpp"

#include <csignal>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/loop/loop.hpp"

namespace yam::net {
namespace {

class SignalsTest : public testing::Test {
 protected:
  std::unique_ptr<Loop> loop_ = Loop::open().value();
  std::unique_ptr<Signals> signals_ = Signals::open(*loop_, {SIGUSR1, SIGTERM}).value();
};

Task<Result<void>> wait_until(Loop& loop, Time deadline) {
  co_await loop.sleep_until(deadline);
  co_return Result<void>();
}

TEST_F(SignalsTest, ComeOneByOneByNumber) {
  ::kill(::getpid(), SIGUSR1);
  EXPECT_EQ(loop_->run(signals_->next()), SIGUSR1);
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(loop_->run(signals_->next()), SIGTERM);
}

TEST_F(SignalsTest, CancelWhatRuns) {
  ::kill(::getpid(), SIGTERM);
  const auto ended = loop_->run(until_signal(*loop_, *signals_, wait_until(*loop_, never)));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::interrupted);
  EXPECT_EQ(ended.error().what, "terminated");
}

TEST_F(SignalsTest, LeaveAloneWhatEnds) {
  EXPECT_TRUE(loop_->run(until_signal(*loop_, *signals_, wait_until(*loop_, Time::min()))));
}

}  // namespace
}  // namespace yam::net
