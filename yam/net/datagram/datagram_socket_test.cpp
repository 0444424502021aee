#include "yam/net/datagram/datagram_socket.hpp"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/loop/scope.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;
using Socket = std::unique_ptr<DatagramSocket>;

SocketAddress at(std::string_view place) {
  return SocketAddress::of(IpPort::parse(place).value());
}

class DatagramTest : public testing::Test {
 protected:
  Socket bound(const SocketAddress& address, const DatagramOptions& options = {}) {
    return DatagramSocket::bind(*loop_, address, options).value();
  }
  Socket calling(const SocketAddress& peer, const DatagramOptions& options = {}) {
    return DatagramSocket::connect(*loop_, peer, options).value();
  }
  Result<std::size_t> send(DatagramSocket& socket, ByteView bytes) {
    const auto once = [](DatagramSocket* s, ByteView b) -> Task<Result<std::size_t>> {
      co_return co_await s->send(b);
    };
    return loop_->run(once(&socket, bytes));
  }
  Result<std::size_t> receive(DatagramSocket& socket, Time deadline = never) {
    const auto once = [](DatagramSocket* s, DatagramBatch* b, Time d) -> Task<Result<std::size_t>> {
      co_return co_await s->receive(*b, d);
    };
    return loop_->run(once(&socket, &batch_, deadline));
  }
  // The next datagram's text, of a batch that has just this one.
  std::string text_at(DatagramSocket& socket) {
    const auto count = receive(socket);
    EXPECT_EQ(count.value(), 1u);
    EXPECT_EQ(batch_.size(), 1u);
    return string_of((*batch_.begin()).bytes);
  }
  void answer_one(DatagramSocket& socket) {
    const auto once = [](DatagramSocket* s, DatagramBatch* b) -> Task<> {
      const auto got = co_await s->receive(*b);
      EXPECT_TRUE(got.has_value());
      const auto sent = co_await s->send_back(*b);
      EXPECT_EQ(sent.value(), b->size());
    };
    loop_->run(once(&socket, &batch_));
  }
  // There and back: both directions work, and the answer comes from where it was sent.
  void expect_echo(DatagramSocket& server, DatagramSocket& client, const std::string& text) {
    ASSERT_EQ(send(client, bytes_of(text)).value(), 1u);
    answer_one(server);
    EXPECT_EQ(text_at(client), text);
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  DatagramBatch batch_;
};

TEST_F(DatagramTest, EveryFamilyCarriesThereAndBack) {
  const auto folder = std::filesystem::temp_directory_path() / ("yam_datagram_" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const struct {
    const char* name;
    SocketAddress server;
  } cases[] = {
      {"IPv4", at("127.0.0.1:0")},
      {"IPv6", at("[::1]:0")},
      {"a path", SocketAddress::of_unix((folder / "server").string()).value()},
      {"an abstract name", SocketAddress::of_unix("@yam_datagram_" + std::to_string(::getpid())).value()},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Socket server = bound(c.server);
    const Socket client = calling(server->local_address());
    expect_echo(*server, *client, "hello");
    expect_echo(*server, *client, "");  // a message like any other
    expect_echo(*server, *client, std::string("\0\n\xff", 3));
    expect_echo(*server, *client, std::string(datagram_bytes_max_v4, 'x'));
    EXPECT_EQ((*batch_.begin()).sender, server->local_address());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder)) << "what was bound is gone";
  std::filesystem::remove(folder);
}

TEST_F(DatagramTest, AnIpv6AnyAddressHearsIpv4) {
  const Socket server = bound(at("[::]:0"));
  const std::uint16_t port = server->local_address().ip()->port;
  const Socket client = calling(at("127.0.0.1:" + std::to_string(port)));
  expect_echo(*server, *client, "four");
  ASSERT_TRUE(send(*client, bytes_of("again")));
  EXPECT_EQ(text_at(*server), "again");
  EXPECT_EQ((*batch_.begin()).sender.to_string(), client->local_address().to_string());
}

TEST_F(DatagramTest, OneByteTooManyIsToldAndHarmsNothing) {
  const Socket server = bound(at("127.0.0.1:0"));
  const Socket client = calling(server->local_address());
  const auto refused = send(*client, Bytes(datagram_bytes_max_v4 + 1));
  EXPECT_EQ(refused.error().code, Code::usage);
  EXPECT_EQ(refused.error().what, "a datagram of 65508 bytes to " + server->local_address().to_string() +
                                      " is too long: the most is 65507");
  expect_echo(*server, *client, "still here");
}

TEST_F(DatagramTest, ALongerDatagramThanTheBatchHoldsIsAFaultAfterThoseBeforeIt) {
  const auto name = SocketAddress::of_unix("@yam_long_" + std::to_string(::getpid())).value();
  const Socket server = bound(name);
  const Socket client = calling(name);
  ASSERT_TRUE(send(*client, bytes_of("short")));
  ASSERT_TRUE(send(*client, Bytes(100'000)));
  EXPECT_EQ(text_at(*server), "short");
  const auto cut = receive(*server);
  EXPECT_EQ(cut.error().code, Code::protocol);
  EXPECT_EQ(cut.error().what, "a datagram of 100000 bytes came to " + name.to_string() +
                                  ", longer than the 65536 that are taken");
  ASSERT_TRUE(send(*client, Bytes(65'537)));
  EXPECT_EQ(receive(*server).error().code, Code::protocol);
  expect_echo(*server, *client, "still here");
}

TEST_F(DatagramTest, AConnectedSocketLearnsThatNobodyIsThereAndOnlyOnce) {
  SocketAddress gone = bound(at("127.0.0.1:0"))->local_address();
  const Socket client = calling(gone);
  ASSERT_TRUE(send(*client, bytes_of("anybody?")));
  const auto refused = receive(*client);
  EXPECT_EQ(refused.error().code, Code::network);
  EXPECT_EQ(refused.error().what, "cannot reach " + gone.to_string() + ": connection refused");
  EXPECT_EQ(receive(*client, loop_->now() + 1ms).error().code, Code::timeout);

  ASSERT_TRUE(send(*client, bytes_of("anybody?")));
  EXPECT_EQ(send(*client, bytes_of("again?")).error().what,
            "cannot send to " + gone.to_string() + ": connection refused");
  const Socket server = bound(gone);
  expect_echo(*server, *client, "now somebody is");
}

TEST_F(DatagramTest, AServerPassesOverAPeerThatIsGone) {
  const Socket server = bound(at("127.0.0.1:0"));
  {
    const Socket leaving = calling(server->local_address());
    ASSERT_TRUE(send(*leaving, bytes_of("answer me")));
  }
  answer_one(*server);
  const Socket client = calling(server->local_address());
  expect_echo(*server, *client, "still here");

  const auto name = SocketAddress::of_unix("@yam_gone_" + std::to_string(::getpid())).value();
  const Socket local = bound(name);
  {
    ASSERT_TRUE(send(*calling(name), bytes_of("answer me")));
  }
  const Socket staying = calling(name);
  ASSERT_TRUE(send(*staying, bytes_of("me too")));
  const auto answer = [](DatagramSocket* s, DatagramBatch* b) -> Task<std::size_t> {
    co_await s->receive(*b);
    EXPECT_EQ(b->size(), 2u);
    co_return (co_await s->send_back(*b)).value();
  };
  EXPECT_EQ(loop_->run(answer(local.get(), &batch_)), 1u);
  ASSERT_TRUE(local->last_fault());
  EXPECT_NE(local->last_fault()->what.find("connection refused"), std::string::npos);
  EXPECT_EQ(text_at(*staying), "me too");
}

TEST_F(DatagramTest, AReceiveEndsAtItsDeadlineAndTheNextWorks) {
  const Socket server = bound(at("127.0.0.1:0"));
  const Socket client = calling(server->local_address());
  const auto late = receive(*server, loop_->now() + 1ms);
  EXPECT_EQ(late.error(), (Error{Code::timeout, "no datagram came in time", ""}));
  expect_echo(*server, *client, "hello");
}

TEST_F(DatagramTest, ASendEndsAtItsDeadlineWhenTheOtherSideDoesNotRead) {
  const auto name = SocketAddress::of_unix("@yam_full_" + std::to_string(::getpid())).value();
  const Socket server = bound(name);
  const Socket client = calling(name);
  const Socket stranger =
      bound(SocketAddress::of_unix("@yam_stranger_" + std::to_string(::getpid())).value());
  const auto fill = [](Loop* loop, DatagramSocket* s, const SocketAddress* to) -> Task<Result<std::size_t>> {
    for (std::size_t sent = 0;; ++sent) {
      const auto outcome = co_await s->send_to(*to, bytes_of("x"), loop->now() + 5ms);
      if (!outcome) {
        EXPECT_GT(sent, 0u);
        co_return outcome;
      }
    }
  };
  const auto late = loop_->run(fill(loop_.get(), stranger.get(), &name));
  EXPECT_EQ(late.error(), (Error{Code::timeout, "the system took no more datagrams in time", ""}));

  // Once the other side reads, the one that is told goes on, and the one that has to look again too.
  Scope scope(*loop_);
  const auto push = [](DatagramSocket* s, const SocketAddress* to) -> Task<> {
    for (int i = 0; i < 2000; ++i) {
      const auto sent = co_await s->send_to(*to, bytes_of("more"));
      EXPECT_TRUE(sent.has_value());
    }
  };
  const auto push_connected = [](DatagramSocket* s) -> Task<> {
    for (int i = 0; i < 2000; ++i) {
      const auto sent = co_await s->send(bytes_of("more"));
      EXPECT_TRUE(sent.has_value());
    }
  };
  scope.spawn(push(stranger.get(), &name));
  scope.spawn(push_connected(client.get()));
  const auto count = [](DatagramSocket* s, DatagramBatch* b) -> Task<> {
    for (std::size_t more = 0; more < 4000;) {
      co_await s->receive(*b);
      for (const Datagram datagram : *b)
        more += text_of(datagram.bytes) == "more" ? 1 : 0;
    }
  };
  loop_->run(count(server.get(), &batch_));
}

TEST_F(DatagramTest, CancellingAWaitLeavesTheSocketOfUse) {
  const Socket server = bound(at("127.0.0.1:0"));
  const Socket client = calling(server->local_address());
  const auto wait = [](DatagramSocket* s, DatagramBatch* b) -> Task<> {
    co_await s->receive(*b);
    ADD_FAILURE() << "cancelled";
  };
  {
    Scope scope(*loop_);
    scope.spawn(wait(server.get(), &batch_));
    EXPECT_FALSE(receive(*client, loop_->now() + 1ms));
  }
  expect_echo(*server, *client, "hello");
}

TEST_F(DatagramTest, ALiveSocketFileIsRefusedAndADeadOneReplaced) {
  const auto path = std::filesystem::temp_directory_path() / ("yam_stale_" + std::to_string(::getpid()));
  const auto address = SocketAddress::of_unix(path.string()).value();
  {
    const Socket live = bound(address);
    const auto refused = DatagramSocket::bind(*loop_, address);
    EXPECT_EQ(refused.error().what, "cannot bind unix:" + path.string() + ": address already in use");
  }
  {
    const Fd dead(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(dead.get(), address.get(), address.size()), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  const Socket server = bound(address);
  const DatagramOptions from_path{.bind = SocketAddress::of_unix(path.string() + ".client").value()};
  const Socket client = calling(address, from_path);
  expect_echo(*server, *client, "hello");
  EXPECT_EQ(client->local_address(), *from_path.bind);
}

TEST_F(DatagramTest, AnAddressIsTakenOnceUnlessShared) {
  const Socket first = bound(at("127.0.0.1:0"), {.reuse_port = true});
  const auto refused = DatagramSocket::bind(*loop_, first->local_address());
  EXPECT_EQ(refused.error().code, Code::local);
  const Socket second = bound(first->local_address(), {.reuse_port = true});
  EXPECT_EQ(second->local_address(), first->local_address());
}

TEST_F(DatagramTest, ACallMayChooseWhereItComesFrom) {
  const Socket server = bound(at("127.0.0.1:0"));
  const DatagramOptions from{.bind = at("127.0.0.7:0")};
  const Socket client = calling(server->local_address(), from);
  ASSERT_TRUE(send(*client, bytes_of("x")));
  EXPECT_EQ(text_at(*server), "x");
  EXPECT_EQ((*batch_.begin()).sender, client->local_address());
  EXPECT_EQ(client->local_address().ip()->address.to_string(), "127.0.0.7");
}

}  // namespace
}  // namespace yam::net
