#include "yam/service/pipe/pipe.hpp"

#include "yam/service/pipe/pipe_fixture_test.hpp"

namespace yam::service {
namespace {

// Through the pipe to `cat` and back.
Task<> echo(PipeTest* test, std::string address, ByteView bytes) {
  const Bytes answer = co_await PipeTest::ask(test, address, bytes);
  EXPECT_TRUE(std::ranges::equal(answer, bytes)) << answer.size() << " bytes came back";
}

TEST_F(PipeTest, PassesBytesAndBothEnds) {
  start("listen:tcp://127.0.0.1:0", "exec:cat");
  const Bytes bytes = pattern(3'000'000);
  run(echo(this, witness_.addresses.at(0), bytes));
  run(witness_.over(1));
  EXPECT_EQ(witness_.ends.at(0).words(), "both sides closed, left first");
  EXPECT_EQ(totals_.traffic.rightward, bytes.size());
  EXPECT_EQ(totals_.traffic.leftward, bytes.size());
}

TEST_F(PipeTest, PassesAHalfCloseEachWay) {
  const auto behind = server("tcp://127.0.0.1:0");
  start("listen:tcp://127.0.0.1:0", behind->address());
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    auto accepted = co_await right->accept();
    net::Stream* far = accepted->stream.get();
    co_await say(far, bytes_of("the right side ends first"));
    const Bytes first = co_await hear(left.stream.get());
    EXPECT_EQ(text_of(first), "the right side ends first");
    co_await say(left.stream.get(), bytes_of("and the left goes on"));
    const Bytes second = co_await hear(far);
    EXPECT_EQ(text_of(second), "and the left goes on");
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(witness_.ends.at(0).words(), "both sides closed, right first");
}

TEST_F(PipeTest, PassesAResetOn) {
  const auto behind = server("tcp://127.0.0.1:0");
  start("listen:tcp://127.0.0.1:0", behind->address());
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    auto accepted = co_await right->accept();
    Bytes buffer(10);
    const auto said = co_await left.stream->write(bytes_of("hello"));
    EXPECT_TRUE(said.has_value());
    const auto heard = co_await accepted->stream->read(buffer);  // so they are joined
    EXPECT_TRUE(heard.has_value());
    accepted->stream->abort();
    std::string fault;
    const Bytes nothing = co_await hear(left.stream.get(), &fault);
    EXPECT_TRUE(nothing.empty());
    EXPECT_EQ(fault, "cannot read: connection reset by peer");
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(witness_.ends.size(), 1U);
  EXPECT_EQ(totals_.failures, 1U);
}

TEST_F(PipeTest, ServesAHundredAtOnce) {
  const auto behind = server("tcp://127.0.0.1:0");
  start("listen:tcp://127.0.0.1:0", behind->address());
  // The server answers nobody before all are there.
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    std::vector<Connection> callers;
    std::vector<Connection> served;
    for (int i = 0; i < 100; ++i) {
      callers.push_back(co_await caller(test, test->witness_.addresses.at(0)));
      auto accepted = co_await right->accept();
      served.push_back(std::move(*accepted));
    }
    for (std::size_t i = 0; i < served.size(); ++i) {
      const std::string word = "you are number " + std::to_string(i);
      co_await say(served[i].stream.get(), bytes_of(word));
      const Bytes heard = co_await hear(callers[i].stream.get());
      EXPECT_EQ(text_of(heard), word);
      const auto finished = co_await callers[i].stream->finish();
      EXPECT_TRUE(finished.has_value());
    }
    co_await test->witness_.over(100);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(totals_.connections, 100U);
  EXPECT_EQ(totals_.failures, 0U);
}

TEST_F(PipeTest, LeavesOthersAloneWhenOneStalls) {
  start("listen:tcp://127.0.0.1:0", "exec:cat");
  const auto talk = [](PipeTest* test) -> Task<> {
    const std::string address = test->witness_.addresses.at(0);
    auto stalled = co_await caller(test, address);  // says much, and reads nothing of what comes back
    const Bytes much = pattern(20'000'000);
    net::Scope stalling(*test->loop_);
    stalling.spawn(say(stalled.stream.get(), much));
    const Bytes some = pattern(1'000'000);
    for (int i = 0; i < 3; ++i)
      co_await echo(test, address, some);
    EXPECT_EQ(test->witness_.ends.size(), 3U);
    EXPECT_EQ(stalling.size(), 1U);
    stalling.cancel();
  };
  run(talk(this));
}

TEST_F(PipeTest, HasSoManyAtOnceAndNoMore) {
  options_.connections_max = 1;
  start("listen:tcp://127.0.0.1:0", "exec:cat");
  const auto talk = [](PipeTest* test) -> Task<> {
    const std::string address = test->witness_.addresses.at(0);
    auto first = co_await caller(test, address);
    auto second = co_await caller(test, address);  // in the kernel's queue
    co_await say(second.stream.get(), bytes_of("second"));
    Bytes buffer(10);
    for (int i = 0; i < 10; ++i) {
      const auto said = co_await first.stream->write(bytes_of("first"));
      EXPECT_TRUE(said.has_value());
      const auto heard = co_await first.stream->read(buffer);
      EXPECT_TRUE(heard.has_value());
    }
    EXPECT_EQ(test->totals_.connections, 1U);
    const auto finished = co_await first.stream->finish();
    EXPECT_TRUE(finished.has_value());
    const Bytes heard = co_await hear(second.stream.get());
    EXPECT_EQ(text_of(heard), "second");
    co_await test->witness_.over(2);
  };
  run(talk(this));
}

TEST_F(PipeTest, OutlivesARefusedOtherSide) {
  const std::string gone = server("tcp://127.0.0.1:0")->address();
  start("listen:tcp://127.0.0.1:0", gone);
  for (int i = 0; i < 2; ++i)
    run(echo(this, witness_.addresses.at(0), {}));
  run(witness_.over(2));
  const std::string place = gone.substr(gone.rfind('/') + 1);
  const std::string words = "cannot connect to " + place + ": connection refused";
  EXPECT_EQ(witness_.failures, (std::vector{words, words}));
  EXPECT_FALSE(outcome_.has_value());
}

TEST_F(PipeTest, MatchesThoseWhoComeToBothSides) {
  start("listen:tcp://127.0.0.1:0", "listen:tcp://127.0.0.1:0");
  const auto talk = [](PipeTest* test) -> Task<> {
    const std::string left_address = test->witness_.addresses.at(0);
    const std::string right_address = test->witness_.addresses.at(1);
    auto left_one = co_await caller(test, left_address);
    auto left_two = co_await caller(test, left_address);
    co_await say(left_one.stream.get(), bytes_of("one"));
    co_await say(left_two.stream.get(), bytes_of("two"));
    const ByteView nothing;
    for (const std::string wanted : {"one", "two"}) {
      const Bytes heard = co_await ask(test, right_address, nothing);
      EXPECT_EQ(text_of(heard), wanted);
    }
  };
  run(talk(this));
}

TEST_F(PipeTest, GivesTheExitOfTheOnlyConversation) {
  start("exec:true", "exec:exit 3");
  const auto wait = [](PipeTest* test) -> Task<> { co_await test->pipe_.drained(); };
  run(wait(this));
  ASSERT_TRUE(outcome_.has_value());
  ASSERT_FALSE(outcome_->has_value());
  EXPECT_EQ(outcome_->error().what, "exec:true and exec:exit 3: exec:exit 3 ended with exit status 3");
  EXPECT_EQ(outcome_->error().code, Code::local);
}

TEST_F(PipeTest, KeepsADatagramPeersConversationUntilItIsSilent) {
  const auto behind = server("udp://127.0.0.1:0");
  options_.ending.idle = std::chrono::milliseconds(100);
  start("listen:udp://127.0.0.1:0", behind->address());
  const auto talk = [](PipeTest* test, net::Acceptor* right) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    Bytes buffer(100);
    const auto sent = co_await left.stream->write(bytes_of("hello"));
    EXPECT_TRUE(sent.has_value());
    auto accepted = co_await right->accept();
    const auto heard = co_await accepted->stream->read(buffer);
    EXPECT_EQ(text_of(ByteView(buffer).first(heard.value_or(0))), "hello");
    const ByteView nothing;
    const auto empty = co_await accepted->stream->write(nothing);
    EXPECT_TRUE(empty.has_value());
    co_await test->witness_.over(1);
  };
  run(talk(this, behind.get()));
  EXPECT_EQ(witness_.ends.at(0).how, PipeEnd::How::fell_silent);
  EXPECT_FALSE(witness_.ends.at(0).fault.has_value());
}

TEST_F(PipeTest, OutlivesADatagramPeerWhoIsGone) {
  const std::string gone = server("udp://127.0.0.1:0")->address();
  start("listen:udp://127.0.0.1:0", gone);
  const auto talk = [](PipeTest* test) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    while (test->witness_.ends.size() < 2) {
      const auto sent = co_await left.stream->write(bytes_of("anybody?"));
      EXPECT_TRUE(sent.has_value());
      co_await test->loop_->yield();
    }
  };
  run(talk(this));
  EXPECT_EQ(witness_.ends.at(0).fault->code, Code::network) << witness_.ends.at(0).words();
  EXPECT_FALSE(outcome_.has_value());
}

TEST_F(PipeTest, CountsWhatAPairMovedBeforeItWasCancelled) {
  start("listen:tcp://127.0.0.1:0", "exec:cat");
  const auto talk = [](PipeTest* test) -> Task<> {
    auto left = co_await caller(test, test->witness_.addresses.at(0));
    Bytes buffer(10);
    const auto said = co_await left.stream->write(bytes_of("hello"));
    EXPECT_TRUE(said.has_value());
    const auto heard = co_await left.stream->read(buffer);
    EXPECT_TRUE(heard.has_value());
    test->pipe_.cancel();
  };
  run(talk(this));
  EXPECT_EQ(totals_.traffic.rightward, 5U);
  EXPECT_EQ(totals_.traffic.leftward, 5U);
}

TEST(PipeCheck, RefusesWhatMakesNoSense) {
  const struct {
    const char* left;
    const char* right;
    const char* plan;
    const char* wanted;
  } cases[] = {
      {"-", "-", "", "stdin and stdout cannot be both sides"},
      {"ws://localhost:80/", ":1", "", "pipe does not speak WebSocket: ws://localhost/"},
      {"listen::1", ":2", "loss=1%",
       "loss, copy and reorder are for datagrams: a stream repairs them unseen"},
      {"listen::1", "exec:cat", "copy=1%",
       "loss, copy and reorder are for datagrams: a stream repairs them unseen"},
      {"listen:udp://:1", "udp://:2", "cut=1,reset",
       "reset is for streams: datagrams have no connection to reset"},
      {"listen:udp://:1", ":2", "loss=1%", ""},
      {"listen:udp://:1", ":2", "cut=1,reset", ""},
      {"listen::1", ":2", "delay=1ms,rate=1MB/s,flip=1e-6,cut=1,reset", ""},
  };
  for (const auto& [left, right, plan, wanted] : cases) {
    PipeOptions options;
    options.left = Endpoint::parse(left, Side::calling).value();
    options.right = Endpoint::parse(right, Side::calling).value();
    if (*plan != '\0') options.impairment = ImpairmentPlan::parse(plan).value();
    const auto checked = check(options);
    EXPECT_EQ(checked ? "" : checked.error().what, wanted) << left << " " << right << " " << plan;
    EXPECT_EQ(checked ? Code::usage : checked.error().code, Code::usage);
  }
}

}  // namespace
}  // namespace yam::service
