#include <thread>

#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

class TftpSinglePortTest : public TftpServerTest {
 protected:
  void serve_files(const std::string& options = "") {
    TftpServerTest::serve_files("&ports=single" + options);
  }
};

TEST_F(TftpSinglePortTest, EverythingComesFromTheListeningPort) {
  folder_.put("a", std::string(1100, 'x'));
  serve_files();
  auto first = call_tftp(), second = call_tftp();
  first.ask("\0\1a\0octet\0windowsize\0002\0"s);
  EXPECT_EQ(first.hear(), "\0\6windowsize\0002\0"s);
  second.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(second.hear(), data(1, std::string(512, 'x')));
  EXPECT_EQ(first.port(), place().port);
  EXPECT_EQ(second.port(), place().port);
  first.say(ack(0));
  EXPECT_EQ(first.hear(), data(1, std::string(512, 'x')));
  EXPECT_EQ(first.hear(), data(2, std::string(512, 'x')));
  first.say(ack(2));
  EXPECT_EQ(first.hear(), data(3, std::string(76, 'x')));
  EXPECT_EQ(first.port(), place().port);
  first.say(ack(3));
  EXPECT_EQ(diary_.await(Kind::sent).verdict, "whole");
  second.say("\0\5\0\0bye\0"s);
  EXPECT_EQ(diary_.await(Kind::not_sent).bytes, 0u);
}

TEST_F(TftpSinglePortTest, TakesAnUploadAndAnswersItsLastBlockAgain) {
  serve_files("&write=new");
  auto client = call_tftp();
  client.ask("\0\2a\0octet\0windowsize\0009\0"s);
  EXPECT_EQ(client.hear(), "\0\6windowsize\0009\0"s);
  client.say(data(1, std::string(512, 'y')));
  client.say(data(2, std::string(512, 'y')));
  client.say(data(3, ""));
  EXPECT_EQ(client.hear(), ack(3));
  EXPECT_EQ(folder_.content("a"), std::string(1024, 'y'));
  client.say(data(3, ""));  // our ACK was lost
  EXPECT_EQ(client.hear(), ack(3));
  EXPECT_EQ(client.port(), place().port);
}

TEST_F(TftpSinglePortTest, AWindowIsNoLargerThanWhatIsKeptForIt) {
  serve_files("&write=new");
  auto client = call_tftp();
  client.ask("\0\2a\0octet\0blksize\00065464\0windowsize\00064\0"s);
  EXPECT_EQ(client.hear(), "\0\6blksize\00065464\0windowsize\0004\0"s);
}

TEST_F(TftpSinglePortTest, AWindowThatNobodyNeedsASecretForIsOf128KiB) {
  struct Row {
    std::string block_bytes, window, window_granted;
  };
  folder_.put("a", "a");
  serve_files("&windowsize=20000");
  for (const Row& row : {Row{"65464", "64", "2"}, Row{"1428", "10000", "91"}, Row{"8", "20000", "16384"}}) {
    auto client = call_tftp();
    const std::string block = "blksize\0"s + row.block_bytes + "\0windowsize\0"s;
    client.ask("\0\1a\0octet\0"s + block + row.window + '\0');
    EXPECT_EQ(client.hear(), "\0\6"s + block + row.window_granted + '\0');
    client.say("\0\5\0\0bye\0"s);
  }
  auto client = call_tftp();
  client.ask("\0\1a\0octet\0windowsize\00010000\0"s);
  EXPECT_EQ(client.hear(), "\0\6windowsize\000256\0"s);
}

TEST_F(TftpSinglePortTest, ARequestIsRepeatedOrAnotherOne) {
  folder_.put("a", std::string(600, 'a'));
  folder_.put("b", "b");
  serve_files();
  auto client = call_tftp();
  for (int i = 0; i < 2; ++i)
    client.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(client.hear(), data(1, std::string(512, 'a')));
  EXPECT_EQ(client.hear(), data(1, std::string(512, 'a')));
  EXPECT_EQ(server_->connections(), 1u);
  client.ask("\0\1b\0octet\0"s);
  EXPECT_EQ(client.hear(), data(1, "b"));
  EXPECT_EQ(diary_.await(Kind::not_sent).verdict, "the client began anew");
}

TEST_F(TftpSinglePortTest, WhoHasNoTransferAndAsksForNothingIsNotAnswered) {
  serve_files();
  auto client = call_tftp();
  client.ask(ack(1));
  client.ask(data(1, "hello"));
  client.ask("\0\5\0\0bye\0"s);
  client.ask("\0\7"s);
  client.ask("");
  client.ask("\0\1missing\0octet\0"s);
  EXPECT_EQ(client.hear().substr(0, 4), "\0\5\0\1"s);
}

TEST_F(TftpSinglePortTest, GoesOnToItsEndWhenTheServerStops) {
  folder_.put("a", std::string(600, 'x'));
  serve_files();
  auto client = call_tftp(), late = call_tftp();
  client.ask("\0\1a\0octet\0blksize\000512\0"s);
  EXPECT_EQ(client.hear(), "\0\6blksize\000512\0"s);
  client.say(ack(0));
  EXPECT_EQ(client.hear(), data(1, std::string(512, 'x')));
  std::thread talk([&] {
    do
      late.ask("\0\1a\0octet\0"s);
    while (late.hear() != "\0\5\0\0the server stops\0"s);
    client.say(ack(1));
    EXPECT_EQ(client.hear_after(data(1, std::string(512, 'x'))), data(2, std::string(88, 'x')));
    client.say(ack(2));
  });
  EXPECT_EQ(leave(), 0u);
  talk.join();
  EXPECT_EQ(diary_.await(Kind::sent).verdict, "whole");
}

TEST_F(TftpSinglePortTest, ALoopThatIsThroughLeavesTheTransfersOfOthersAlone) {
  folder_.put("a", std::string(600, 'x'));
  serve({"tftp://127.0.0.1:0?ports=single&root=" + folder_.path()}, 4);
  std::vector<TftpClient> clients;
  for (int i = 0; i < 24; ++i) {
    clients.push_back(call_tftp());
    clients.back().ask("\0\1a\0octet\0blksize\000512\0"s);
    EXPECT_EQ(clients.back().hear(), "\0\6blksize\000512\0"s);
    clients.back().say(ack(0));
    EXPECT_EQ(clients.back().hear(), data(1, std::string(512, 'x')));
  }
  auto late = call_tftp();
  std::thread talk([&] {
    do
      late.ask("\0\1a\0octet\0"s);
    while (late.hear() != "\0\5\0\0the server stops\0"s);
    for (TftpClient& client : clients) {
      client.say(ack(1));
      EXPECT_EQ(client.hear_after(data(1, std::string(512, 'x'))), data(2, std::string(88, 'x')));
      client.say(ack(2));
    }
  });
  EXPECT_EQ(leave(), 0u);
  talk.join();
}

TEST_F(TftpSinglePortTest, EndsWhenItsPlaceIsWantedForSomethingElse) {
  folder_.put("a", std::string(600, 'x'));
  serve_files();
  auto client = call_tftp();
  client.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(client.hear().size(), 516u);
  const std::string now = "tftp://" + place().to_string() + "?root=" + folder_.path();
  ASSERT_TRUE(home_->run(server_->change(plan({now}))));
  EXPECT_EQ(client.hear(), "\0\5\0\0the server stops\0"s);
  EXPECT_EQ(diary_.await(Kind::not_sent).verdict, "the server stopped");
  client.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(client.hear().size(), 516u);
  EXPECT_NE(client.port(), place().port);
}

}  // namespace
}  // namespace yam::service
