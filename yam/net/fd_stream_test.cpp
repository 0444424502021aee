#include "yam/net/fd_stream.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/loop/scope.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

class FdStreamTest : public testing::Test {
 protected:
  FdStreamTest() {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    left_ = FdStream::over_socket(*loop_, Fd(ends[0])).value();
    right_ = FdStream::over_socket(*loop_, Fd(ends[1])).value();
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  std::unique_ptr<FdStream> left_, right_;
};

Task<Bytes> read_all(Stream* stream) {
  Bytes all;
  Bytes piece(1000);
  for (;;) {
    const auto count = co_await stream->read(piece);
    if (!count || *count == 0) co_return all;
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
}

Task<> write_all(Stream* stream, ByteView bytes) {
  const auto written = co_await stream->write(bytes);
  EXPECT_EQ(written.value(), bytes.size());
  const auto finished = co_await stream->finish();
  EXPECT_TRUE(finished.has_value());
}

TEST_F(FdStreamTest, CarriesMoreThanTheBuffersHoldAndEndsWithTheFin) {
  Bytes sent(3'000'000);
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<std::byte>(i * 7 % 251);
  Scope scope(*loop_);
  scope.spawn(write_all(left_.get(), sent));
  EXPECT_EQ(loop_->run(read_all(right_.get())), sent);
}

TEST_F(FdStreamTest, OneDirectionEndsWhileTheOtherGoesOn) {
  const auto converse = [](Stream* a, Stream* b) -> Task<std::string> {
    co_await a->finish();
    Bytes piece(100);
    const auto end = co_await b->read(piece);
    EXPECT_EQ(end.value(), 0u);
    co_await b->write(bytes_of("still here"));
    const auto count = co_await a->read(piece);
    co_return string_of(ByteView(piece).first(count.value()));
  };
  EXPECT_EQ(loop_->run(converse(left_.get(), right_.get())), "still here");
}

TEST_F(FdStreamTest, HeadAndBodyArriveTogether) {
  const auto converse = [](Stream* a, Stream* b) -> Task<std::string> {
    co_await a->write(bytes_of("head "), bytes_of("body"));
    Bytes piece(100);
    const auto count = co_await b->read(piece);
    co_return string_of(ByteView(piece).first(count.value()));
  };
  EXPECT_EQ(loop_->run(converse(left_.get(), right_.get())), "head body");
}

TEST_F(FdStreamTest, AReadEndsAtItsDeadlineAndTheNextStillWorks) {
  const auto converse = [](Loop* loop, Stream* a, Stream* b) -> Task<> {
    Bytes piece(100);
    const auto late = co_await b->read(piece, loop->now() + 1ms);
    EXPECT_EQ(late.error().code, Code::timeout);
    EXPECT_FALSE(co_await b->readable(loop->now() + 1ms));
    co_await a->write(bytes_of("x"));
    EXPECT_TRUE(co_await b->readable(loop->now() + 1h));
    const auto count = co_await b->read(piece, loop->now() + 1h);
    EXPECT_EQ(count.value(), 1u);
  };
  loop_->run(converse(loop_.get(), left_.get(), right_.get()));
}

TEST_F(FdStreamTest, AWriteEndsAtItsDeadlineWhenThePeerTakesNothing) {
  const auto converse = [](Loop* loop, Stream* a) -> Task<> {
    const Bytes much(10'000'000);
    const auto late = co_await a->write(much, loop->now() + 1ms);
    EXPECT_EQ(late.error().code, Code::timeout);
  };
  loop_->run(converse(loop_.get(), left_.get()));
}

TEST_F(FdStreamTest, WritingToOneWhoLeftIsAnErrorAndNoSignal) {
  const auto converse = [](Stream* a) -> Task<> {
    const auto written = co_await a->write(bytes_of("x"));
    EXPECT_EQ(written.error(), (Error{Code::network, "cannot write: broken pipe", ""}));
  };
  right_.reset();
  loop_->run(converse(left_.get()));
}

TEST_F(FdStreamTest, PipesAndRegularFilesAreStreamsToo) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
  char path[] = "/tmp/fd_stream_XXXXXX";
  const int file = ::mkstemp(path);
  ::unlink(path);
  ASSERT_EQ(::write(file, "in a file", 9), 9);
  ::lseek(file, 0, SEEK_SET);
  auto from_file = FdStream::over_pair(*loop_, Fd(file), Fd()).value();
  auto to_pipe = FdStream::over_pair(*loop_, Fd(), Fd(ends[1])).value();
  auto from_pipe = FdStream::over_pair(*loop_, Fd(ends[0]), Fd()).value();
  const Bytes content = loop_->run(read_all(from_file.get()));
  EXPECT_EQ(text_of(content), "in a file");
  Scope scope(*loop_);
  scope.spawn(write_all(to_pipe.get(), content));
  EXPECT_EQ(text_of(loop_->run(read_all(from_pipe.get()))), "in a file");
}

// The peer leaves while both sides wait: destroying tasks must leave nothing behind on the loop.
TEST_F(FdStreamTest, CancelledReadersLeaveTheLoopClean) {
  {
    Scope scope(*loop_);
    const auto reader = [](Stream* stream) -> Task<> { co_await read_all(stream); };
    scope.spawn(reader(right_.get()));
  }
  const auto converse = [](Stream* a, Stream* b) -> Task<std::size_t> {
    co_await a->write(bytes_of("late"));
    Bytes piece(100);
    const auto count = co_await b->read(piece);
    co_return count.value();
  };
  EXPECT_EQ(loop_->run(converse(left_.get(), right_.get())), 4u);
}

}  // namespace
}  // namespace yam::net
