#include <algorithm>

#include "yam/net/relay.hpp"
#include "yam/net/relay_fixture_test.hpp"
#include "yam/net/relay_mover.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

using RelayEndingTest = RelayTest;

// More than two TCP connections hold when nobody reads (tcp_wmem and tcp_rmem: 10 MB each).
constexpr std::size_t beyond_buffers_bytes = 24'000'000;

// Steps until the target is full, and only then begins to read from it: nothing is lost or out of order.
TEST_F(RelayEndingTest, AFullTargetIsWaitedForAndDrained) {
  using Make = Pair (RelayTest::*)();
  const Bytes sent = pattern(beyond_buffers_bytes);
  for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp, &RelayTest::opaque}) {
    Pair in = (this->*make)();
    Pair out = (this->*make)();
    Bytes came;
    const auto converse = [](Loop* loop, Pair* a, Pair* b, ByteView bytes, Bytes* all) -> Task<> {
      using Step = RelayMover::Step;
      Scope scope(*loop);
      scope.spawn(feed(a->near.get(), bytes));
      RelayMover mover(*a->far, *b->near, UINT64_MAX);
      bool was_full = false;
      for (Step step = mover.step(); step != Step::source_ended; step = mover.step()) {
        EXPECT_TRUE(step == Step::moved || step == Step::source_empty || step == Step::target_full);
        if (step == Step::source_empty) co_await a->far->readable();
        if (step != Step::target_full) continue;
        if (!std::exchange(was_full, true)) scope.spawn(collect(b->far.get(), all));
        co_await b->near->write_watch().writable();
      }
      EXPECT_TRUE(was_full);
      co_await b->near->finish();
      co_await scope.drained();
    };
    loop_->run(converse(loop_.get(), &in, &out, sent, &came));
    EXPECT_TRUE(came == sent);
  }
}

TEST_F(RelayEndingTest, ATargetThatTakesNothingEndsAtTheIdleLimit) {
  Pair in = sockets();
  Pair out = sockets();
  const Bytes much(100'000);
  const ByteView part(much);
  while (out.near->try_write(std::span(&part, 1)))
    continue;
  loop_->run(feed(in.near.get(), part.first(10)));
  RelayOptions options;
  options.idle = 1ms;
  const Relayed relayed = run(*in.far, *out.near, options);
  EXPECT_EQ(relayed.end, Relayed::End::writing_failed);
  EXPECT_EQ(relayed.error, (Error{Code::timeout, "the peer took nothing more in time", ""}));
}

TEST_F(RelayEndingTest, SaysWhichSideFailed) {
  const Bytes sent = pattern(1'000'000);
  {
    Pair in = tcp();
    Pair out = tcp();
    Scope scope(*loop_);
    scope.spawn(feed(in.near.get(), sent));
    out.far->abort();
    const Relayed relayed = run(*in.far, *out.near);
    EXPECT_EQ(relayed.end, Relayed::End::writing_failed);
    EXPECT_EQ(relayed.error.code, Code::network);
  }
  {
    Pair in = tcp();
    Pair out = tcp();
    in.near->abort();
    const Relayed relayed = run(*in.far, *out.near);
    EXPECT_EQ(relayed.end, Relayed::End::reading_failed);
    EXPECT_EQ(relayed.error, (Error{Code::network, "cannot read: connection reset by peer", ""}));
  }
}

TEST_F(RelayEndingTest, ATargetThatVanishesHalfWayIsAWritingFault) {
  using Make = Pair (RelayTest::*)();
  const Bytes sent = pattern(3'000'001);
  fill_file(sent);
  for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp, &RelayTest::opaque}) {
    Pair out = (this->*make)();
    const auto leave = [](std::unique_ptr<Stream>* stream) -> Task<> {
      Bytes piece(10'000);
      co_await (*stream)->read(piece);
      stream->reset();
    };
    Scope scope(*loop_);
    scope.spawn(leave(&out.far));
    const Relayed relayed = run(*file(FileUse::read), *out.near);
    EXPECT_EQ(relayed.end, Relayed::End::writing_failed);
    EXPECT_EQ(relayed.error.code, Code::network) << relayed.error.what;
    EXPECT_LT(relayed.bytes, sent.size());
  }
}

TEST_F(RelayEndingTest, AResetHalfWayIsNoQuietEnd) {
  using Make = Pair (RelayTest::*)();
  const Bytes sent = pattern(300'000);
  for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp, &RelayTest::opaque}) {
    Pair in = tcp();
    Pair out = (this->*make)();
    const auto reset = [](Stream* stream, ByteView bytes, Stream* far) -> Task<> {
      co_await stream->write(bytes);
      Bytes piece(200'000);
      std::size_t came = 0;
      while (came < 200'000) {
        const auto count = co_await far->read(piece);
        came += count.value();
      }
      stream->abort();
      for (;;) {
        const auto count = co_await far->read(piece);
        if (!count || *count == 0) co_return;
      }
    };
    Scope scope(*loop_);
    scope.spawn(reset(in.near.get(), sent, out.far.get()));
    const Relayed relayed = run(*in.far, *out.near);
    EXPECT_EQ(relayed.end, Relayed::End::reading_failed);
    EXPECT_EQ(relayed.error, (Error{Code::network, "cannot read: connection reset by peer", ""}));
  }
}

TEST_F(RelayEndingTest, SilenceEndsAtTheIdleLimit) {
  Pair in = sockets();
  Pair out = sockets();
  RelayOptions options;
  options.idle = 1ms;
  const Relayed relayed = run(*in.far, *out.near, options);
  EXPECT_EQ(relayed.end, Relayed::End::reading_failed);
  EXPECT_EQ(relayed.error, (Error{Code::timeout, "nothing came from the peer in time", ""}));
}

// A conversation's silent direction lives as long as the other one moves.
TEST_F(RelayEndingTest, ASharedActivityKeepsTheSilentDirectionAlive) {
  Pair in = sockets();
  Pair out = sockets();
  const auto watch = [](Loop* loop, Pair* a, Pair* b) -> Task<> {
    RelayActivity activity;
    RelayOptions options;
    options.idle = 10ms;
    options.activity = &activity;
    Relayed relayed;
    bool ended = false;
    Scope scope(*loop);
    const auto keep = [](Loop* l, Stream* from, Stream* to, RelayOptions o, bool* done) -> Task<> {
      const Relayed idle = co_await relay(*l, *from, *to, o);
      EXPECT_EQ(idle.error.code, Code::timeout);
      *done = true;
    };
    const Time began = loop->now();
    scope.spawn(keep(loop, a->far.get(), b->near.get(), options, &ended));
    while (loop->now() < began + 50ms) {
      activity.last = loop->now();  // as the other direction would say
      EXPECT_FALSE(ended);
      co_await loop->sleep_for(1ms);
    }
    co_await scope.drained();
    EXPECT_TRUE(ended);
  };
  loop_->run(watch(loop_.get(), &in, &out));
}

TEST_F(RelayEndingTest, StopsAtTheByteLimitAndTakesNoMore) {
  using Make = Pair (RelayTest::*)();
  const Bytes sent = pattern(1'000'000);
  for (const std::uint64_t limit : {0ull, 1ull, 99'999ull, 500'001ull})
    for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp, &RelayTest::opaque}) {
      Pair in = (this->*make)();
      Scope scope(*loop_);
      scope.spawn(feed(in.near.get(), sent));
      RelayOptions options;
      options.bytes_max = limit;
      const auto to = file(FileUse::write);
      const Relayed relayed = run(*in.far, *to, options);
      EXPECT_EQ(relayed.end, Relayed::End::limit_reached);
      EXPECT_EQ(relayed.bytes, limit);
      Bytes rest;
      loop_->run(collect(in.far.get(), &rest));
      EXPECT_EQ(rest.size(), sent.size() - limit);
    }
}

TEST_F(RelayEndingTest, AFileIsReadNoFurtherThanTheLimit) {
  fill_file(pattern(1'000'000));
  Pair out = sockets();
  const auto from = file(FileUse::read);
  RelayOptions options;
  options.bytes_max = 1000;
  EXPECT_EQ(run(*from, *out.near, options).end, Relayed::End::limit_reached);
  EXPECT_EQ(::lseek(*from->read_fd(), 0, SEEK_CUR), 1000);
}

TEST_F(RelayEndingTest, CancelledHalfWayItLeavesBothStreamsUsable) {
  using Make = Pair (RelayTest::*)();
  const Bytes sent(beyond_buffers_bytes);
  for (const Make make : {&RelayTest::sockets, &RelayTest::pipe, &RelayTest::tcp, &RelayTest::opaque}) {
    Pair in = (this->*make)();
    Pair out = (this->*make)();
    const auto converse = [](Loop* loop, Pair* a, Pair* b, ByteView bytes) -> Task<> {
      Scope scope(*loop);
      scope.spawn(feed(a->near.get(), bytes));
      Scope moving(*loop);
      const auto move = [](Loop* l, Stream* from, Stream* to) -> Task<> {
        const RelayOptions options;
        co_await relay(*l, *from, *to, options);
        ADD_FAILURE() << "the target is full";
      };
      moving.spawn(move(loop, a->far.get(), b->near.get()));
      for (int turn = 0; turn < 50; ++turn)
        co_await loop->yield();
      moving.cancel();
      Bytes came;
      scope.spawn(collect(b->far.get(), &came));
      const RelayOptions options;
      const Relayed rest = co_await relay(*loop, *a->far, *b->near, options);
      EXPECT_EQ(rest.end, Relayed::End::source_ended);
      co_await b->near->finish();
      co_await scope.drained();
      EXPECT_GE(came.size(), rest.bytes);
    };
    loop_->run(converse(loop_.get(), &in, &out, sent));
  }
}

TEST_F(RelayEndingTest, TheObserverHearsOfEveryByteAndOthersHaveTheirTurn) {
  struct Counter final : RelayObserver {
    void moved(std::size_t bytes) override { sum += bytes, most = std::max(most, bytes); }
    std::uint64_t sum = 0;
    std::size_t most = 0;
  } counter;
  const Bytes sent = pattern(20'000'000);
  fill_file(sent);
  const std::string other = file_ + ".copy";
  const auto from = file(FileUse::read);
  const auto to = open_file(*loop_, other, FileUse::write).value();
  RelayOptions options;
  options.observer = &counter;
  int turns = 0;
  const auto count = [](Loop* loop, int* all) -> Task<> {
    for (;;) {
      co_await loop->yield();
      ++*all;
    }
  };
  Scope scope(*loop_);
  scope.spawn(count(loop_.get(), &turns));
  EXPECT_EQ(run(*from, *to, options).bytes, sent.size());
  EXPECT_EQ(counter.sum, sent.size());
  EXPECT_LE(counter.most, 1024u * 1024u);
  EXPECT_GE(turns, 19);
  ::unlink(other.c_str());
}

}  // namespace
}  // namespace yam::net
