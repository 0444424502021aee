#include "yam/net/message.hpp"

#include <algorithm>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/conversation.hpp"
#include "yam/net/either.hpp"
#include "yam/net/fd_stream.hpp"
#include "yam/net/frame_reader.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

class MessageTest : public testing::Test {
 protected:
  MessageTest() {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    ours_ = FdStream::over_socket(*loop_, Fd(ends[0])).value();
    theirs_ = FdStream::over_socket(*loop_, Fd(ends[1])).value();
  }

  void they_say(std::string text) { EXPECT_TRUE(loop_->run(say(*theirs_, std::move(text)))); }
  void they_end() { theirs_.reset(); }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  std::unique_ptr<FdStream> ours_, theirs_;
};

Task<> say_in_pieces(Loop& loop, Stream& stream) {
  for (const char* piece : {"one ", "text ", "in pieces"}) {
    const auto said = co_await say(stream, piece);
    EXPECT_TRUE(said.has_value());
    co_await loop.yield();
  }
}

TEST_F(MessageTest, IsWhatOneReadBringsAndEmptyAtTheEnd) {
  they_say("hello");
  EXPECT_EQ(loop_->run(read_message(*ours_)).value(), "hello");
  they_end();
  EXPECT_EQ(loop_->run(read_message(*ours_)).value(), "");
}

TEST_F(MessageTest, WithAPauseIsWholeThoughItComesInPieces) {
  Scope scope(*loop_);
  scope.spawn(say_in_pieces(*loop_, *theirs_));
  EXPECT_EQ(loop_->run(read_message(*ours_, patience, 50ms)).value(), "one text in pieces");
}

TEST_F(MessageTest, IsATimeoutWhenNobodySpeaks) {
  EXPECT_EQ(loop_->run(read_message(*ours_, 1ms)).error().code, Code::timeout);
  EXPECT_EQ(loop_->run(read_to_end(*ours_, 100, 1ms)).error().code, Code::timeout);
}

TEST_F(MessageTest, ReadingToTheEndKeepsToItsLimit) {
  they_say("12345");
  they_end();
  EXPECT_EQ(loop_->run(read_to_end(*ours_, 5)).value(), "12345");
}

TEST_F(MessageTest, MoreThanTheLimitIsRefused) {
  they_say("123456");
  const auto all = loop_->run(read_to_end(*ours_, 5));
  EXPECT_EQ(all.error(), (Error{Code::protocol, "the peer said more than 5 bytes", ""}));
}

TEST_F(MessageTest, LeavingSaysTheLastWordsAndHearsThePeerOut) {
  they_say("you will not read this");
  Scope scope(*loop_);
  const auto leaving = [](Stream& stream) -> Task<> {
    const auto left = co_await leave(stream, "bye");
    EXPECT_TRUE(left.has_value());
  };
  scope.spawn(leaving(*ours_));
  EXPECT_EQ(loop_->run(read_to_end(*theirs_, 100)).value(), "bye");
  EXPECT_EQ(scope.size(), 1u);  // it lingers until the peer has ended
  they_end();
  const auto gone = [](Scope& tasks) -> Task<bool> { co_return co_await tasks.drained(); };
  EXPECT_TRUE(loop_->run(gone(scope)));
}

TEST_F(MessageTest, AsksAgainUntilAnAnswerFits) {
  const auto answer_the_second = [](Stream& stream) -> Task<> {
    for (const char* answer : {"late answer to something else", "yes"}) {
      const auto question = co_await read_message(stream);
      EXPECT_EQ(question.value(), "well?");
      const auto said = co_await say(stream, answer);
      EXPECT_TRUE(said.has_value());
    }
  };
  Scope scope(*loop_);
  scope.spawn(answer_the_second(*theirs_));
  const auto fits = [](std::string_view answer) { return answer == "yes"; };
  EXPECT_EQ(loop_->run(ask(*ours_, "well?", fits, 5ms)).value(), "yes");
}

TEST_F(MessageTest, StopsAskingInTheEnd) {
  const auto never_fits = [](std::string_view) { return false; };
  EXPECT_EQ(loop_->run(ask(*ours_, "?", never_fits, 1ms)).error().code, Code::timeout);
  EXPECT_EQ(loop_->run(read_message(*theirs_)).value(), "?????");
  they_end();
  EXPECT_NE(loop_->run(ask(*ours_, "?", never_fits, 1ms)).error().code, Code::timeout);
}

TEST_F(MessageTest, FramesComeOneByOneAndTheEndIsAbsent) {
  they_say("one\ntwo\n\nlast");
  they_end();
  FrameReader lines(*ours_, wire::Lines());
  for (const std::string expected : {"one", "two", "", "last"})
    EXPECT_EQ(loop_->run(lines.next()).value(), expected);
  EXPECT_EQ(loop_->run(lines.next()).value(), std::nullopt);
  EXPECT_EQ(loop_->run(lines.next()).value(), std::nullopt);
}

TEST_F(MessageTest, WholeFramesComeBeforeTheFaultBehindThem) {
  they_say("2:ok,nonsense");
  FrameReader frames(*ours_, wire::Netstring());
  EXPECT_EQ(loop_->run(frames.next()).value(), "ok");
  EXPECT_EQ(loop_->run(frames.next()).error().code, Code::protocol);
  EXPECT_EQ(loop_->run(frames.next()).error().code, Code::protocol);
}

TEST_F(MessageTest, AFrameThatWasCutIsAFaultAndATimeoutLosesNothing) {
  they_say("5:he");
  FrameReader frames(std::move(ours_), wire::Netstring());
  EXPECT_EQ(loop_->run(frames.next(loop_->now())).error().code, Code::timeout);
  they_say("llo,3:c");
  EXPECT_EQ(loop_->run(frames.next()).value(), "hello");
  they_end();
  EXPECT_EQ(loop_->run(frames.next()).error().code, Code::protocol);
}

TEST_F(MessageTest, OfTwoTasksTheFirstToEndDecides) {
  const auto wait = [](Stream& stream) -> Task<Result<void>> {
    const auto text = co_await read_message(stream, Duration(-1));
    co_return fail(Code::network, text.value());
  };
  const auto at_once = [](Loop& loop) -> Task<Result<void>> {
    co_await loop.yield();
    co_return Result<void>();
  };
  EXPECT_TRUE(loop_->run(either(*loop_, wait(*ours_), at_once(*loop_))));
  EXPECT_TRUE(loop_->run(either(*loop_, at_once(*loop_), wait(*ours_))));
  they_say("told");
  EXPECT_EQ(loop_->run(either(*loop_, wait(*ours_), wait(*theirs_))).error().what, "told");
}

TEST_F(MessageTest, ServesOneAtATimeWhenAskedToAndGoesOnAfterAFault) {
  const std::string place = "unix:@yam-message-test-" + std::to_string(::getpid());
  int at_once = 0, most = 0;
  const auto converse = [&](Connection client) {
    const auto talk = [](Connection own, int* now, int* top) -> Task<Result<void>> {
      *top = std::max(*top, ++*now);
      const auto text = co_await read_message(*own.stream);
      --*now;
      if (*text == "fault") co_return fail(Code::protocol, "asked for it");
      co_return co_await leave(*own.stream, "heard " + *text);
    };
    return talk(std::move(client), &at_once, &most);
  };
  const auto callers = [](Loop& loop, std::string endpoint) -> Task<Result<void>> {
    auto silent = co_await call(loop, endpoint);
    if (!silent) co_return fail(silent.error());
    for (const char* word : {"one", "fault", "two"}) {
      auto server = co_await call(loop, endpoint);
      const auto said = co_await say(*server->stream, word);
      EXPECT_TRUE(said.has_value());
      silent->stream.reset();
      const auto answer = co_await read_to_end(*server->stream, 100);
      const std::string expected = word == std::string_view("fault") ? "" : std::string("heard ") + word;
      EXPECT_EQ(answer.value(), expected);
    }
    co_return Result<void>();
  };
  EXPECT_TRUE(loop_->run(either(*loop_, serve_each(*loop_, place, converse, 1), callers(*loop_, place))));
  EXPECT_EQ(most, 1);
}

TEST_F(MessageTest, RefusesEndpointsThatMakeNoSense) {
  EXPECT_EQ(loop_->run(call(*loop_, "exec:cat")).error().code, Code::usage);
  EXPECT_EQ(loop_->run(call(*loop_, "127.0.0.1:99999")).error().code, Code::usage);
  EXPECT_EQ(loop_->run(wait_at(*loop_, "-")).error().code, Code::usage);
}

}  // namespace
}  // namespace yam::net
