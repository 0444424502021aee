#include "yam/net/socket/dial.hpp"

#include <cstdlib>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/socket/listener.hpp"
#include "yam/net/socket/resolver.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

class DialTest : public testing::Test {
 protected:
  std::unique_ptr<Listener> listen(const std::string& place) {
    return Listener::open(*loop_, SocketAddress::of(IpPort::parse(place).value()), ListenOptions()).value();
  }
  static std::uint16_t port_of(const Listener& listener) { return listener.address().ip()->port; }
  // One that nobody listens on: it was free a moment ago, and no port is given out twice in a row.
  std::uint16_t free_port() { return port_of(*listen("127.0.0.1:0")); }
  Result<Dialed> dial(const std::string& host, std::uint16_t port, const DialOptions& options = {}) {
    return loop_->run(dial_tcp(*loop_, host, port, options));
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
};

TEST_F(DialTest, SaysWhereTheCallEndedUp) {
  const auto listener = listen("127.0.0.1:0");
  const auto dialed = dial("127.0.0.1", port_of(*listener));
  ASSERT_TRUE(dialed);
  EXPECT_EQ(dialed->peer, listener->address());
  const auto accepted = loop_->run(listener->accept());
  EXPECT_EQ(accepted.value().peer, dialed->local);
}

// "localhost" is ::1 first where there is IPv6; whoever listens on 127.0.0.1 alone is reached all the same.
TEST_F(DialTest, GoesOnToTheNextAddressWhenOneRefuses) {
  const auto listener = listen("127.0.0.1:0");
  const auto dialed = dial("localhost", port_of(*listener));
  ASSERT_TRUE(dialed) << dialed.error().what;
  EXPECT_EQ(dialed->peer.to_string(), listener->address().to_string());
}

TEST_F(DialTest, TellsTheFaultOfTheFirstAddress) {
  const std::uint16_t port = free_port();
  const auto refused = dial("127.0.0.1", port);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::network);
  EXPECT_EQ(refused.error().what,
            "cannot connect to 127.0.0.1:" + std::to_string(port) + ": connection refused");
}

TEST_F(DialTest, CallsFromWhereItIsTold) {
  const auto listener = listen("127.0.0.1:0");
  DialOptions options;
  options.bind = "127.0.0.9";
  options.source_port = free_port();
  const auto dialed = dial("127.0.0.1", port_of(*listener), options);
  ASSERT_TRUE(dialed) << dialed.error().what;
  EXPECT_EQ(dialed->local.to_string(), "127.0.0.9:" + std::to_string(options.source_port));

  options.bind = "::1";
  const auto mixed = dial("127.0.0.1", port_of(*listener), options);
  EXPECT_EQ(mixed.error().code, Code::usage);
}

// A queue of one that is full answers nothing more, as a firewall would.
TEST_F(DialTest, EndsAtItsDeadlineWhenNobodyAnswers) {
  ListenOptions narrow;
  narrow.backlog = 0;
  const auto place = SocketAddress::of(IpPort::parse("127.0.0.1:0").value());
  const auto listener = Listener::open(*loop_, place, narrow).value();
  std::vector<Dialed> waiting;
  Code ended = Code::local;
  for (int i = 0; i < 16 && ended != Code::timeout; ++i) {
    DialOptions options;
    options.deadline = after(Clock::now(), 200ms);
    auto dialed = dial("127.0.0.1", port_of(*listener), options);
    if (dialed) {
      waiting.push_back(std::move(*dialed));
    } else {
      ended = dialed.error().code;
    }
  }
  EXPECT_EQ(ended, Code::timeout);
}

TEST_F(DialTest, FindsNobodyAtAUnixPathThatIsNotThere) {
  const auto dialed = loop_->run(dial_unix(*loop_, "/nowhere/at/all", DialOptions()));
  ASSERT_FALSE(dialed);
  EXPECT_EQ(dialed.error().code, Code::network);
  EXPECT_NE(dialed.error().what.find("unix:/nowhere/at/all"), std::string::npos);
}

TEST(Interleaved, LetsTheFamiliesTakeTurns) {
  const auto parse = [](std::vector<const char*> texts) {
    std::vector<IpAddress> addresses;
    for (const char* text : texts)
      addresses.push_back(IpAddress::parse(text).value());
    return addresses;
  };
  EXPECT_EQ(interleaved(parse({"::1", "::2", "::3", "10.0.0.1", "10.0.0.2"})),
            parse({"::1", "10.0.0.1", "::2", "10.0.0.2", "::3"}));
  EXPECT_EQ(interleaved(parse({"10.0.0.1", "10.0.0.2", "::1"})), parse({"10.0.0.1", "::1", "10.0.0.2"}));
  EXPECT_EQ(interleaved({}), std::vector<IpAddress>());
}

class ResolverTest : public DialTest {
 protected:
  Result<std::vector<IpAddress>> ask(const std::string& host) {
    return loop_->run(resolve(*loop_, host, after(Clock::now(), 10s)));
  }
};

TEST_F(ResolverTest, AnswersLiteralsAtOnce) {
  EXPECT_EQ(ask("192.0.2.7").value().at(0).to_string(), "192.0.2.7");
  EXPECT_EQ(ask("fe80::1%lo").value().at(0).to_string(), "fe80::1%1") << "lo is the first interface";
}

TEST_F(ResolverTest, KnowsThisMachine) {
  for (const char* host : {"", "localhost"}) {
    const auto found = ask(host);
    ASSERT_TRUE(found) << found.error().what;
    for (const IpAddress& address : *found)
      EXPECT_TRUE(address.is_loopback()) << address.to_string();
  }
}

TEST_F(ResolverTest, SaysWhichNameIsNotThere) {
  const auto found = ask("not a name");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::not_found);
  EXPECT_TRUE(found.error().what.starts_with("cannot find not a name: ")) << found.error().what;
}

}  // namespace
}  // namespace yam::net
