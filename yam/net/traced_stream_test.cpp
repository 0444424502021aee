#include "yam/net/traced_stream.hpp"

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/fd_stream.hpp"
#include "yam/net/message.hpp"

namespace yam::net {
namespace {

class TracedStreamTest : public testing::Test {
 protected:
  TracedStreamTest() {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    auto inner = FdStream::over_socket(*loop_, Fd(ends[0])).value();
    ours_ = std::make_unique<TracedStream>(std::move(inner), ladder_, news_, 7);
    theirs_ = FdStream::over_socket(*loop_, Fd(ends[1])).value();
  }

  bool we_say(const std::string& words) { return loop_->run(say(*ours_, words)).has_value(); }
  bool they_say(const std::string& words) { return loop_->run(say(*theirs_, words)).has_value(); }
  std::string we_hear() { return loop_->run(read_message(*ours_)).value(); }
  bool we_end() { return loop_->run(end(ours_.get())); }
  bool they_end() { return loop_->run(end(theirs_.get())); }
  static Task<bool> end(Stream* stream) {
    const auto finished = co_await stream->finish();
    co_return finished.has_value();
  }

  // Every rung so far as "<who> <what> <bytes>", runs merged.
  std::vector<std::string> rungs() {
    ladder_.handle_end(7, Clock::now(), "over");
    std::vector<std::string> drawn;
    while (const auto event = ladder_.poll_event(Clock::now())) {
      EXPECT_EQ(event->conversation, 7U);
      if (event->what == LadderEvent::What::ended) continue;
      drawn.push_back((event->from == LadderEvent::Actor::us ? "us " : "peer ") +
                      std::to_string(static_cast<int>(event->what)) + " " + std::to_string(event->bytes));
    }
    return drawn;
  }
  static std::string rung(const char* who, LadderEvent::What what, int bytes) {
    return std::string(who) + " " + std::to_string(static_cast<int>(what)) + " " + std::to_string(bytes);
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  Ladder ladder_;
  Event news_{*loop_};
  std::unique_ptr<Stream> ours_, theirs_;
};

using What = LadderEvent::What;

TEST_F(TracedStreamTest, WritesDownWhatPassesAndBothEnds) {
  EXPECT_TRUE(we_say("question"));
  EXPECT_TRUE(they_say("answer"));
  EXPECT_EQ(we_hear(), "answer");
  EXPECT_TRUE(they_end());
  EXPECT_EQ(we_hear(), "");
  EXPECT_TRUE(we_end());
  EXPECT_EQ(rungs(),
            (std::vector{rung("us", What::sent, 8), rung("peer", What::received, 6),
                         rung("peer", What::peer_half_closed, 0), rung("us", What::half_closed, 0)}));
}

TEST_F(TracedStreamTest, AltersNothing) {
  const std::string words("a\0\xff", 3);
  EXPECT_TRUE(they_say(words));
  EXPECT_EQ(we_hear(), words);
}

TEST_F(TracedStreamTest, WritesDownFaultsAndResets) {
  theirs_.reset();
  EXPECT_FALSE(we_say("into nothing"));
  ours_->abort();
  EXPECT_EQ(rungs(), (std::vector{rung("us", What::failed, 0), rung("us", What::reset, 0)}));
}

}  // namespace
}  // namespace yam::net
