#include "yam/net/loop/task.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/loop.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/loop/within.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

class TaskTest : public testing::Test {
 protected:
  std::unique_ptr<Loop> loop_ = Loop::open().value();
};

Task<int> answer(int value) {
  co_return value;
}

Task<int> sum_of(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i)
    sum += co_await answer(1);
  co_return sum;
}

Task<int> depth_of(int depth) {
  if (depth == 0) co_return 0;
  co_return 1 + co_await depth_of(depth - 1);
}

// Says when it is destroyed, and so when a frame is.
struct Tombstone {
  std::vector<std::string>* log;
  std::string name;
  Tombstone(std::vector<std::string>* l, std::string n) : log(l), name(std::move(n)) {}
  Tombstone(const Tombstone&) = delete;
  Tombstone& operator=(const Tombstone&) = delete;
  ~Tombstone() { log->push_back(name); }
};

Task<> sleep_under(Loop* loop, std::vector<std::string>* log, std::string name) {
  const Tombstone stone(log, name);
  co_await loop->sleep_for(1h);
  log->push_back(name + " woke");
}

Task<Result<int>> slow_answer(Loop* loop, std::vector<std::string>* log) {
  const Tombstone stone(log, "slow");
  co_await loop->sleep_for(1h);
  co_return 1;
}

Task<Result<int>> quick_answer() {
  co_return 7;
}

TEST_F(TaskTest, GivesItsValue) {
  EXPECT_EQ(loop_->run(answer(42)), 42);
}

// Where symmetric transfer is no tail call, a million awaits that complete at once overflow the stack.
TEST_F(TaskTest, AwaitsTenMillionTimesWithoutGrowingTheStack) {
  EXPECT_EQ(loop_->run(sum_of(10'000'000)), 10'000'000);
}

TEST_F(TaskTest, AwaitsDeeplyWithoutGrowingTheStack) {
  EXPECT_EQ(loop_->run(depth_of(100'000)), 100'000);
}

TEST_F(TaskTest, StartsOnlyWhenAwaited) {
  std::vector<std::string> log;
  {
    auto task = sleep_under(loop_.get(), &log, "a");
  }
  EXPECT_TRUE(log.empty());
}

TEST_F(TaskTest, DestroyingAScopeCancelsNewestFirst) {
  std::vector<std::string> log;
  {
    Scope scope(*loop_);
    scope.spawn(sleep_under(loop_.get(), &log, "first"));
    scope.spawn(sleep_under(loop_.get(), &log, "second"));
    EXPECT_EQ(scope.size(), 2u);
  }
  EXPECT_EQ(log, (std::vector<std::string>{"second", "first"}));
}

TEST_F(TaskTest, AScopeDrainsWhenItsTasksEnd) {
  int ended = 0;
  const auto brief = [](Loop* loop, int* count) -> Task<> {
    co_await loop->yield();
    ++*count;
  };
  const auto wait_for_all = [](Scope* scope) -> Task<bool> { co_return co_await scope->drained(); };
  Scope scope(*loop_);
  for (int i = 0; i < 100; ++i)
    scope.spawn(brief(loop_.get(), &ended));
  EXPECT_TRUE(loop_->run(wait_for_all(&scope)));
  EXPECT_EQ(ended, 100);
  EXPECT_EQ(scope.size(), 0u);
}

TEST_F(TaskTest, WithinCancelsWhatIsLateAndSaysWhat) {
  const auto bounded = [](Loop* loop, std::vector<std::string>* log) -> Task<Result<int>> {
    auto result = co_await within(*loop, loop->now() + 1ms, slow_answer(loop, log), "cannot ask");
    log->push_back("resumed");
    co_return result;
  };
  std::vector<std::string> log;
  const auto result = loop_->run(bounded(loop_.get(), &log));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), (Error{Code::timeout, "cannot ask: time ran out", ""}));
  EXPECT_EQ(log, (std::vector<std::string>{"slow", "resumed"}));
}

TEST_F(TaskTest, WithinPassesOnWhatIsInTime) {
  const auto many = [](Loop* loop) -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 100'000; ++i) {
      auto result = co_await within(*loop, loop->now() + 1h, quick_answer(), "never seen");
      sum += *result;
    }
    co_return sum;
  };
  EXPECT_EQ(loop_->run(many(loop_.get())), 700'000);
}

TEST_F(TaskTest, AnEventSetBeforeTheWaitIsNotLost) {
  const auto wait = [](Event* event, Time deadline) -> Task<bool> {
    co_return co_await event->wait(deadline);
  };
  Event event(*loop_);
  EXPECT_FALSE(loop_->run(wait(&event, loop_->now() + 1ms)));
  event.set();
  EXPECT_TRUE(loop_->run(wait(&event, never)));
}

}  // namespace
}  // namespace yam::net
