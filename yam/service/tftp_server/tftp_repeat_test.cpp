// A request that comes again: a late copy of the one that runs, or a client that begins anew.
#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

class TftpRepeatTest : public TftpServerTest, public testing::WithParamInterface<const char*> {
 protected:
  // By one loop, which hears packets to its port in their order.
  void serve_files() { serve({"tftp://127.0.0.1:0?root=" + folder_.path() + GetParam()}, 1); }
};

// The client asks to be given 255 s for each answer: none is late.
TEST_P(TftpRepeatTest, ALateCopyDoesNotEndATransferWhoseLastWindowIsOnItsWay) {
  const std::string block(512, 'x');
  folder_.put("a", std::string(9 * 512 + 88, 'x'));
  serve_files();
  auto client = call_tftp();
  const std::string request = "\0\1a\0octet\0windowsize\00016\0timeout\000255\0"s;
  client.ask(request);
  EXPECT_EQ(client.hear(), "\0\6windowsize\00016\0timeout\000255\0"s);
  client.say(ack(0));
  for (std::uint16_t number = 1; number < 10; ++number)
    EXPECT_EQ(client.hear(), data(number, block));
  EXPECT_EQ(client.hear(), data(10, std::string(88, 'x')));
  client.ask(request);
  auto other = call_tftp();
  other.ask("\0\1missing\0octet\0"s);  // who is answered after the copy has been heard
  EXPECT_EQ(other.hear().substr(0, 4), "\0\5\0\1"s);
  client.say(ack(3));
  for (std::uint16_t number = 4; number < 10; ++number)
    EXPECT_EQ(client.hear(), data(number, block));
  EXPECT_EQ(client.hear(), data(10, std::string(88, 'x')));
  client.say(ack(10));
  EXPECT_EQ(diary_.await(Kind::sent).bytes, 9u * 512 + 88);
}

TEST_P(TftpRepeatTest, WhoSaysNothingAfterTheLastBlockMayAskAnew) {
  folder_.put("a", "hello");
  serve_files();
  auto client = call_tftp();
  const std::string request = "\0\1a\0octet\0blksize\000512\0"s;
  client.ask(request);
  EXPECT_EQ(client.hear(), "\0\6blksize\000512\0"s);
  client.say(ack(0));
  EXPECT_EQ(client.hear(), data(1, "hello"));
  EXPECT_EQ(client.hear(), data(1, "hello"));  // a timeout has passed
  client.ask(request);
  std::string answer;
  do
    answer = client.hear();
  while (answer == data(1, "hello"));
  EXPECT_EQ(answer, "\0\6blksize\000512\0"s);
  EXPECT_EQ(diary_.await(Kind::not_sent).verdict, "the client began anew");
}

INSTANTIATE_TEST_SUITE_P(Ports, TftpRepeatTest, testing::Values("", "&ports=single"),
                         [](const auto& each) { return *each.param == '\0' ? "Own" : "Single"; });

}  // namespace
}  // namespace yam::service
