#include "yam/net/datagram/datagram_peers.hpp"

#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/loop/within.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;
using Socket = std::unique_ptr<DatagramSocket>;

class DatagramPeersTest : public testing::Test {
 protected:
  // Unix sockets by name: they lose nothing, and one that does not read is full soon.
  SocketAddress name(const std::string& who) {
    return SocketAddress::of_unix("@yam_peers_" + std::to_string(::getpid()) + "_" + who).value();
  }
  std::unique_ptr<DatagramPeers> serve(const DatagramPlaces& places = {}) {
    return DatagramPeers::bind(*loop_, name("server"), {}, places).value();
  }
  Socket person(const std::string& who) {
    return DatagramSocket::connect(*loop_, name("server"), {.bind = name(who)}).value();
  }
  void says(const Socket& person, std::string text) {
    loop_->run([](DatagramSocket* from, std::string words) -> Task<> {
      const auto sent = co_await from->send(bytes_of(words));
      EXPECT_TRUE(sent.has_value());
    }(person.get(), std::move(text)));
  }
  std::vector<std::string> heard_by(const Socket& person) {
    loop_->run([](DatagramSocket* at, DatagramBatch* batch) -> Task<> {
      const auto count = co_await at->receive(*batch);
      EXPECT_TRUE(count.has_value());
    }(person.get(), &batch_));
    std::vector<std::string> texts;
    for (const Datagram datagram : batch_)
      texts.push_back(string_of(datagram.bytes));
    return texts;
  }
  std::unique_ptr<Stream> accept(const std::unique_ptr<DatagramPeers>& peers, const std::string& who) {
    auto accepted = loop_->run(peers->accept()).value();
    EXPECT_EQ(accepted.peer, name(who)) << who;
    return std::move(accepted.stream);
  }
  // What comes next on `stream`, or the words of its fault.
  std::string next(Stream& stream) {
    return loop_->run([](Stream* from) -> Task<std::string> {
      Bytes buffer(1000);
      const auto count = co_await from->read(buffer);
      if (!count) co_return count.error().what;
      co_return string_of(ByteView(buffer).first(*count));
    }(&stream));
  }
  static bool takes(Stream& stream, std::string_view text) {
    const ByteView part = bytes_of(text);
    return stream.try_write({&part, 1}).has_value();
  }
  static std::size_t fill(Stream& stream) {
    std::size_t count = 0;
    while (takes(stream, "x"))
      ++count;
    return count;
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  DatagramBatch batch_;
};

TEST_F(DatagramPeersTest, EachSenderIsAStreamOfItsOwn) {
  const auto peers = serve();
  const Socket a = person("a"), b = person("b");
  says(a, "from a");
  says(b, "from b");
  says(a, "");
  const auto to_a = accept(peers, "a"), to_b = accept(peers, "b");
  EXPECT_TRUE(to_a->keeps_messages());
  EXPECT_EQ(next(*to_b), "from b");
  EXPECT_EQ(next(*to_a), "from a");
  EXPECT_EQ(next(*to_a), "");
  const ByteView parts[] = {bytes_of("for "), bytes_of("a")};
  EXPECT_EQ(to_a->try_write(parts)->value(), 5u);
  EXPECT_TRUE(takes(*to_b, ""));
  EXPECT_EQ(heard_by(a), std::vector<std::string>{"for a"});
  EXPECT_EQ(heard_by(b), std::vector<std::string>{""});
}

TEST_F(DatagramPeersTest, TheOneWeCallIsTheOnlyOneWeHear) {
  const auto any = SocketAddress::of(IpPort::parse("127.0.0.1:0").value());
  const Socket server = DatagramSocket::bind(*loop_, any).value();
  const auto peers = DatagramPeers::connect(*loop_, server->local_address(), {}).value();
  const auto called = peers->called();
  EXPECT_TRUE(takes(*called, "hello"));
  EXPECT_EQ(heard_by(server), std::vector<std::string>{"hello"});
  loop_->run([](DatagramSocket* from, DatagramBatch* heard) -> Task<> { co_await from->send_back(*heard); }(
                                                                server.get(), &batch_));
  EXPECT_EQ(next(*called), "hello");
}

TEST_F(DatagramPeersTest, WhatAStreamHasNotReadIsForTheNextOne) {
  const auto peers = serve();
  const Socket a = person("a");
  for (const char* text : {"1", "2", "3", "4"})
    says(a, text);
  {
    const auto first = accept(peers, "a");
    EXPECT_EQ(next(*first), "1");
  }
  {
    const auto second = accept(peers, "a");
    EXPECT_EQ(next(*second), "2");
  }
  {
    const auto reads_nothing = accept(peers, "a");
  }  // and loses one, so as not to go round in circles
  const auto last = accept(peers, "a");
  EXPECT_EQ(next(*last), "4");
  EXPECT_EQ(peers->lost(), 0u);
}

TEST_F(DatagramPeersTest, AnInboxTakesSoManyMessagesAndBytesAndCountsTheRest) {
  struct {
    std::size_t bytes, taken;
  } const cases[] = {{1, DatagramPeers::inbox_messages_max},
                     {60'000, DatagramPeers::inbox_bytes_max / 60'000}};
  for (const auto& c : cases) {
    const auto peers = serve();
    const Socket a = person("a");
    for (std::size_t i = 0; i < c.taken + 7; ++i)
      says(a, std::string(c.bytes, 'x'));
    const auto stream = accept(peers, "a");
    loop_->run([](Loop* loop, const DatagramPeers* at) -> Task<> {
      while (at->lost() < 7)
        co_await loop->yield();
    }(loop_.get(), peers.get()));
    EXPECT_EQ(peers->lost(), 7u);
    Bytes buffer(c.bytes);
    for (std::size_t i = 0; i < c.taken; ++i)
      ASSERT_EQ(stream->try_read(buffer)->value(), c.bytes);
    EXPECT_FALSE(stream->try_read(buffer).has_value());
    EXPECT_EQ(peers->lost(), 7u);
  }
}

TEST_F(DatagramPeersTest, OneThatNeverReadsHoldsUpNobodyElse) {
  const auto peers = serve();
  // One that is not connected to us, or the kernel would fill our own buffer before its queue (unix(7)).
  const Socket deaf = DatagramSocket::bind(*loop_, name("deaf")).value();
  loop_->run([](DatagramSocket* from, SocketAddress to) -> Task<> {
    const auto sent = co_await from->send_to(to, bytes_of("x"));
    EXPECT_TRUE(sent.has_value());
  }(deaf.get(), name("server")));
  const Socket other = person("other");
  says(other, "x");
  const auto to_deaf = accept(peers, "deaf"), to_other = accept(peers, "other");
  const std::size_t filled = fill(*to_deaf);
  EXPECT_GT(filled, 0u);
  const auto push = [](Stream* to, Time deadline) -> Task<Result<std::size_t>> {
    co_return co_await to->write(bytes_of("more"), deadline);
  };
  EXPECT_EQ(loop_->run(push(to_deaf.get(), loop_->now() + 5ms)).error().code, Code::timeout);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(loop_->run(push(to_other.get(), never)));
    EXPECT_EQ(heard_by(other), std::vector<std::string>{"more"});
  }
  EXPECT_EQ(to_other->try_finish()->value(), 0u);

  // The writer goes on once the deaf one reads.
  Scope scope(*loop_);
  bool is_done = false;
  scope.spawn([](Stream* to, bool* done) -> Task<> {
    const auto written = co_await to->write(bytes_of("at last"));
    EXPECT_TRUE(written.has_value());
    *done = true;
  }(to_deaf.get(), &is_done));
  EXPECT_FALSE(is_done);
  std::size_t count = 0;
  for (std::string last; last != "at last"; ++count)
    for (std::string& text : heard_by(deaf))
      last = std::move(text);
  EXPECT_GT(count, 0u);
  EXPECT_TRUE(is_done);
}

TEST_F(DatagramPeersTest, AWriterToTheOneWeCallGoesOnWhenThatOneReads) {
  const Socket server = DatagramSocket::bind(*loop_, name("server")).value();
  const auto peers = DatagramPeers::connect(*loop_, name("server"), {}).value();
  const auto called = peers->called();
  Scope scope(*loop_);
  scope.spawn([](Stream* to) -> Task<> {
    for (int i = 0; i < 5000; ++i) {
      const auto written = co_await to->write(bytes_of("x"));
      EXPECT_TRUE(written.has_value());
    }
  }(called.get()));
  for (std::size_t count = 0; count < 5000;)
    count += heard_by(server).size();
}

TEST_F(DatagramPeersTest, TheReaderLearnsThatWhatWeSaidReachedNobody) {
  const auto peers = serve();
  Socket a = person("a");
  says(a, "last words");
  const auto stream = accept(peers, "a");
  a.reset();
  EXPECT_TRUE(takes(*stream, "too late"));
  EXPECT_EQ(next(*stream), "last words");
  EXPECT_EQ(next(*stream), "cannot send to " + name("a").to_string() + ": connection refused");
}

TEST_F(DatagramPeersTest, WhoHasBeenSilentLongestMakesRoomForAnother) {
  const auto peers = serve({.peers_max = 2, .silence_min = 3ms});
  const Socket a = person("a"), b = person("b"), c = person("c"), d = person("d");
  says(a, "x");
  says(b, "x");
  auto to_a = accept(peers, "a"), to_b = accept(peers, "b");
  EXPECT_EQ(next(*to_a), "x");
  EXPECT_EQ(next(*to_b), "x");
  loop_->run([](Loop* loop) -> Task<> { co_await loop->sleep_for(1ms); }(loop_.get()));
  says(a, "still here");
  EXPECT_EQ(next(*to_a), "still here");
  says(c, "knock");
  says(d, "knock");

  Scope scope(*loop_);
  bool has_left = false;
  scope.spawn([](std::unique_ptr<Stream>* stream, bool* left) -> Task<> {
    Bytes none(1);
    const auto count = co_await (*stream)->read(none);
    EXPECT_EQ(count.error(), (Error{Code::timeout, "was silent longest, and another came", ""}));
    *left = true;
    stream->reset();
  }(&to_b, &has_left));
  const auto to_c = accept(peers, "c");
  EXPECT_TRUE(has_left);
  EXPECT_EQ(next(*to_c), "knock");
  std::byte none{};
  EXPECT_FALSE(to_a->try_read({&none, 1}).has_value()) << "one knock, one departure";
}

TEST_F(DatagramPeersTest, NobodyWhoSpokeJustNowHasToGo) {
  const auto peers = serve({.peers_max = 1, .silence_min = 1h});
  const Socket a = person("a"), b = person("b");
  says(a, "x");
  auto to_a = accept(peers, "a");
  EXPECT_EQ(next(*to_a), "x");
  says(b, "knock");
  EXPECT_EQ(loop_->run([](Loop* loop, DatagramPeers* at) -> Task<Code> {
    const auto accepted = co_await within(*loop, loop->now() + 5ms, at->accept(), "nobody");
    co_return accepted ? Code::usage : accepted.error().code;
  }(loop_.get(), peers.get())),
            Code::timeout);
  std::byte none{};
  EXPECT_FALSE(to_a->try_read({&none, 1}).has_value());
  to_a.reset();
  EXPECT_EQ(next(*accept(peers, "b")), "knock");
}

}  // namespace
}  // namespace yam::net
