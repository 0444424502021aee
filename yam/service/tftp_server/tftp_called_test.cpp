// From where a server answers: the address that the client called, and a port that its service may use.
#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

class TftpCalledTest : public TftpServerTest {
 protected:
  // At every address of this machine.
  void serve_everywhere(const std::string& host, const std::string& options = "") {
    serve({"tftp://" + host + ":0?root=" + folder_.path() + options});
  }
  TftpClient call_at(const char* address) const {
    return TftpClient({IpAddress::parse(address).value(), place().port});
  }
  static void expect_answers_from(TftpClient client, const std::string& address) {
    client.ask("\0\1a\0octet\0"s);
    EXPECT_EQ(client.hear(), data(1, std::string(512, 'x')));
    EXPECT_EQ(client.address(), address);
    client.say(ack(1));
    EXPECT_EQ(client.hear(), data(2, std::string(88, 'x')));
    EXPECT_EQ(client.address(), address);
    client.say(ack(2));
    client.ask("\0\1none\0octet\0"s);
    EXPECT_EQ(client.hear().substr(0, 4), "\0\5\0\1"s);
    EXPECT_EQ(client.address(), address);
    client.ask("\0\1"s);  // malformed: the answer is the listening socket's
    EXPECT_EQ(client.hear().substr(0, 4), "\0\5\0\4"s);
    EXPECT_EQ(client.address(), address);
  }
};

TEST_F(TftpCalledTest, AnswersFromTheAddressThatWasCalled) {
  folder_.put("a", std::string(600, 'x'));
  for (const char* options : {"", "&ports=single"}) {
    for (const char* host : {"0.0.0.0", "[::]"}) {
      serve_everywhere(host, options);
      expect_answers_from(call_at("127.0.0.2"), "127.0.0.2");
      expect_answers_from(call_at("127.0.0.1"), "127.0.0.1");
      if (host == "[::]"s) expect_answers_from(call_at("::1"), "::1");
      leave();
    }
  }
}

TEST_F(TftpCalledTest, ABurstComesFromTheAddressThatWasCalled) {
  folder_.put("a", std::string(64 * 1000, 'x'));
  for (const char* host : {"0.0.0.0", "[::]"}) {
    serve_everywhere(host, "&ports=single");
    auto client = call_at("127.0.0.3");
    client.ask("\0\1a\0octet\0blksize\0001000\0windowsize\00064\0"s);
    EXPECT_EQ(client.hear(), "\0\6blksize\0001000\0windowsize\00064\0"s);
    client.say(ack(0));
    for (std::uint16_t i = 1; i <= 64; ++i) {
      EXPECT_EQ(client.hear(), data(i, std::string(1000, 'x')));
      EXPECT_EQ(client.address(), "127.0.0.3");
    }
    client.say(ack(64));
    std::string packet = client.hear();
    while (packet.size() == 1004)  // of the window, again: it came late on a slow machine
      packet = client.hear();
    EXPECT_EQ(packet, data(65, ""));
    client.say(ack(65));
    leave();
  }
}

TEST_F(TftpCalledTest, TheSmallServicesDoSoToo) {
  serve({"echo://0.0.0.0:0", "greet://[::]:0"});
  for (const std::size_t index : {0u, 1u}) {
    // Connected: it hears that address alone.
    Client client({IpAddress::parse("127.0.0.2").value(), place(index).port}, SOCK_DGRAM);
    client.say("you");
    EXPECT_EQ(client.hear(), index == 0 ? "you" : "Hello, you!");
  }
}

TEST_F(TftpCalledTest, WhatIsAskedOfEverybodyIsNotAnswered) {
  folder_.put("a", "a");
  serve_everywhere("0.0.0.0");
  auto client = call_at("127.255.255.255");
  client.ask("\0\1b\0octet\0"s);
  client.call({IpAddress::parse("127.0.0.1").value(), place().port});
  client.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(client.hear(), data(1, "a"));
}

TEST_F(TftpCalledTest, UsesThePortsOfItsRangeAndNoOther) {
  folder_.put("a", std::string(600, 'x'));
  const std::string port = std::to_string(free_port());
  serve({"tftp://127.0.0.1:0?ports=" + port + "-" + port + "&root=" + folder_.path()}, 1);
  auto first = call_tftp(), second = call_tftp();
  first.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(first.hear().size(), 516u);
  EXPECT_EQ(std::to_string(first.port()), port);
  second.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(second.hear(), "\0\5\0\0busy, ask again later: all ports are in use\0"s);
  EXPECT_EQ(second.port(), place().port);
  EXPECT_EQ(diary_.await(Kind::not_sent).verdict, "busy, ask again later: all ports are in use");
  first.say("\0\5\0\0bye\0"s);
  do
    second.ask("\0\1a\0octet\0"s);
  while (second.hear().size() != 516);
  EXPECT_EQ(std::to_string(second.port()), port);
}

TEST_F(TftpCalledTest, PassesOverPortsThatOthersHave) {
  folder_.put("a", "a");
  const Client other({IpAddress::loopback(Family::v4), 9}, SOCK_DGRAM);
  const std::uint16_t taken = other.port();
  serve({"tftp://127.0.0.1:0?ports=" + std::to_string(taken) + "-" + std::to_string(taken) +
         "&root=" + folder_.path()});
  auto client = call_tftp();
  client.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(client.hear(), "\0\5\0\0busy, ask again later: all ports are in use\0"s);
  leave();
  serve({"tftp://127.0.0.1:0?ports=" + std::to_string(taken) + "-" + std::to_string(taken + 20) +
         "&root=" + folder_.path()});
  for (int i = 0; i < 12; ++i) {
    auto each = call_tftp();
    each.ask("\0\1a\0octet\0"s);
    EXPECT_EQ(each.hear(), data(1, "a"));
    EXPECT_GT(each.port(), taken);
    EXPECT_LE(each.port(), taken + 20);
  }
}

}  // namespace
}  // namespace yam::service
