// Pipes over bad links, with real sockets on both sides.

#include <bit>
#include <unistd.h>

#include "yam/service/pipe/pipe_fixture_test.hpp"

namespace yam::service {
namespace {

TEST_F(PipeTest, GivesAllBytesThroughASlowAndUnevenLink) {
  start("listen:tcp://127.0.0.1:0", "exec:cat", "delay=5ms±5ms,rate=100MB/s,seed=3");
  const Bytes bytes = pattern(3'000'000);
  const Bytes answer = run(ask(this, witness_.addresses.at(0), bytes));
  EXPECT_TRUE(answer == bytes) << answer.size() << " bytes came back";
  run(witness_.over(1));
  EXPECT_EQ(totals_.traffic.rightward_link.passed, bytes.size());
  EXPECT_EQ(totals_.traffic.leftward_link.passed, bytes.size());
}

TEST_F(PipeTest, PassesHalfClosesThroughALink) {
  const auto behind = server("unix:@yam-pipe-test-" + std::to_string(::getpid()));
  start("listen:tcp://127.0.0.1:0", behind->address(), "delay=1ms,seed=3");
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    auto accepted = co_await right->accept();
    co_await say(accepted->stream.get(), bytes_of("right ends"));
    const Bytes first = co_await hear(left.stream.get());
    EXPECT_EQ(text_of(first), "right ends");
    co_await say(left.stream.get(), bytes_of("left goes on"));
    const Bytes second = co_await hear(accepted->stream.get());
    EXPECT_EQ(text_of(second), "left goes on");
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(witness_.ends.at(0).words(), "both sides closed, right first");
}

TEST_F(PipeTest, CutsAfterExactlySoManyBytes) {
  const auto behind = server("tcp://127.0.0.1:0");
  start("listen:tcp://127.0.0.1:0", behind->address(), "cut=70kB,seed=1");
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    auto accepted = co_await right->accept();
    const Bytes bytes = pattern(500'000);
    net::Scope saying(*test->loop_);
    saying.spawn(say(left.stream.get(), bytes));
    std::string fault;
    const Bytes heard = co_await hear(accepted->stream.get(), &fault);
    EXPECT_TRUE(std::ranges::equal(heard, ByteView(bytes).first(70'000))) << heard.size();
    EXPECT_EQ(fault, "");
    co_await saying.drained();  // what lies behind the cut is taken, and vanishes
    const auto finished = co_await accepted->stream->finish();
    EXPECT_TRUE(finished.has_value());
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(totals_.traffic.rightward_link.cut, 430'000U);
}

TEST_F(PipeTest, ResetsAtTheCutWhenAsked) {
  const auto behind = server("tcp://127.0.0.1:0");
  start("listen:tcp://127.0.0.1:0", behind->address(), "cut=70kB,reset,seed=1");
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    auto accepted = co_await right->accept();
    const Bytes bytes = pattern(100'000);
    net::Scope saying(*test->loop_);
    saying.spawn(say(left.stream.get(), bytes));
    std::string fault;
    const Bytes heard = co_await hear(accepted->stream.get(), &fault);
    EXPECT_LE(heard.size(), 70'000U);  // a reset may overtake what was sent before it
    EXPECT_EQ(fault, "cannot read: connection reset by peer");
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(witness_.ends.at(0).rightward, 70'000U);
  EXPECT_EQ(witness_.ends.at(0).words(), "reset after 68.4 KiB, as asked");
}

TEST_F(PipeTest, CountsTheBitsItFlips) {
  start("listen:tcp://127.0.0.1:0", "file:/dev/null?append", "flip=1e-4,seed=5");
  run(ask(this, witness_.addresses.at(0), pattern(100'000)));
  run(witness_.over(1));
  EXPECT_GT(totals_.traffic.rightward_link.flipped, 0U);
}

TEST_F(PipeTest, FlipsWhatItCounts) {
  const auto behind = server("tcp://127.0.0.1:0");
  start("listen:tcp://127.0.0.1:0", behind->address(), "flip=1e-4,seed=5");
  std::uint64_t flipped = 0;
  const auto talk = [](PipeTest* test, net::Acceptor* right, std::uint64_t* count) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    auto accepted = co_await right->accept();
    const Bytes bytes = pattern(100'000);
    co_await say(left.stream.get(), bytes);
    const Bytes heard = co_await hear(accepted->stream.get());
    EXPECT_EQ(heard.size(), bytes.size());
    for (std::size_t i = 0; i < heard.size(); ++i)
      *count += static_cast<std::uint64_t>(std::popcount(static_cast<unsigned>(heard[i] ^ bytes[i])));
    const auto finished = co_await accepted->stream->finish();
    EXPECT_TRUE(finished.has_value());
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get(), &flipped));
  EXPECT_GT(flipped, 0U);
  EXPECT_EQ(totals_.traffic.rightward_link.flipped, flipped);
}

class DatagramFates : public PipeTest {
 public:
  // Which of a hundred numbered datagrams come through.
  std::string survivors(const std::string& plan) {
    const auto behind = server("udp://127.0.0.1:0");
    witness_.addresses.clear();
    totals_ = {};
    start("listen:udp://127.0.0.1:0", behind->address(), plan);
    std::string heard;
    run(talk(this, behind.get(), &heard));
    pipe_.cancel();
    return heard;
  }

 private:
  // One of the last words will get through too, and those that came before it have come.
  static constexpr int last_words = 20;

  static Task<> talk(PipeTest* test, net::Acceptor* right, std::string* heard) {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    for (int i = 0; i < 100 + last_words; ++i) {
      const std::string word = i < 100 ? std::to_string(i) + " " : "end";
      const auto sent = co_await left.stream->write(bytes_of(word));
      EXPECT_TRUE(sent.has_value());
    }
    auto accepted = co_await right->accept();
    Bytes buffer(100);
    while (!heard->ends_with("end")) {
      const auto count = co_await accepted->stream->read(buffer);
      *heard += text_of(ByteView(buffer).first(count.value_or(0)));
    }
  }
};

TEST_F(DatagramFates, RepeatWithTheSeed) {
  const std::string first = survivors("loss=30%,seed=7");
  EXPECT_EQ(first, survivors("loss=30%,seed=7"));
  EXPECT_NE(first, survivors("loss=30%,seed=8"));
}

}  // namespace
}  // namespace yam::service
