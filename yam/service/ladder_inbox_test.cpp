#include "yam/service/ladder_inbox.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

LadderEvent rung(std::uint32_t conversation, std::uint64_t bytes) {
  LadderEvent event;
  event.conversation = conversation;
  event.bytes = bytes;
  return event;
}

class LadderInboxTest : public testing::Test {
 protected:
  LadderInboxTest() { loop_ = std::move(net::Loop::open().value()); }
  void make(bool is_one) {
    inbox_ = std::make_unique<LadderInbox>(
        *loop_, is_one, [this](const std::deque<LadderInbox::Line>& lines, std::uint64_t left_out) {
          drawn_.insert(drawn_.end(), lines.begin(), lines.end());
          left_out_ += left_out;
        });
  }
  // Until so many lines are drawn.
  static net::Task<> see(LadderInboxTest* test, std::size_t lines) {
    while (test->drawn_.size() < lines) {
      net::Loop& loop = *test->loop_;
      co_await loop.yield();
    }
  }

  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<LadderInbox> inbox_;
  std::vector<LadderInbox::Line> drawn_;
  std::uint64_t left_out_ = 0;
};

TEST_F(LadderInboxTest, KeepsTheOrderOfEachThread) {
  constexpr std::uint64_t threads = 4, rungs = 200;
  make(false);
  std::vector<std::jthread> others;
  for (std::uint64_t i = 0; i < threads; ++i)
    others.emplace_back([this] {
      const std::uint32_t number = inbox_->handle_begin(Clock::now(), "us", "peer");
      for (std::uint64_t each = 0; each < rungs; ++each)
        inbox_->handle_rung(rung(number, each));
    });
  loop_->run(see(this, threads * (rungs + 1)));
  others.clear();
  std::vector<std::uint64_t> next(threads + 1);
  for (const auto& line : drawn_) {
    const auto* event = std::get_if<LadderEvent>(&line);
    if (event == nullptr) continue;
    EXPECT_EQ(event->bytes, next.at(event->conversation)++);
  }
  EXPECT_EQ(next, (std::vector<std::uint64_t>{0, rungs, rungs, rungs, rungs}));
  EXPECT_EQ(left_out_, 0U);
}

TEST_F(LadderInboxTest, CountsWhatItHasNoRoomFor) {
  make(true);
  EXPECT_EQ(inbox_->handle_begin(Clock::now(), "us", "peer"), 0U);
  for (std::size_t i = 0; i < ladder_events_max + 9; ++i)
    inbox_->handle_rung(rung(0, i));
  loop_->run(see(this, ladder_events_max));
  EXPECT_EQ(left_out_, 10U);
  inbox_->handle_rung(rung(0, 7));
  loop_->run(see(this, ladder_events_max + 1));
  EXPECT_EQ(left_out_, 10U);
}

TEST_F(LadderInboxTest, DrawsTheRestInTheEnd) {
  make(true);
  inbox_->handle_rung(rung(0, 1));
  inbox_->empty();
  EXPECT_EQ(drawn_.size(), 1U);
  inbox_->handle_rung(rung(0, 2));
  inbox_.reset();
  EXPECT_EQ(drawn_.size(), 2U);
  const auto turn = [](net::Loop* loop) -> net::Task<> {
    for (int i = 0; i < 3; ++i)
      co_await loop->yield();
  };
  loop_->run(turn(loop_.get()));  // letters that come too late
  EXPECT_EQ(drawn_.size(), 2U);
}

}  // namespace
}  // namespace yam::service
