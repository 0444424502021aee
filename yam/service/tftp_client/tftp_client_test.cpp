// The client against a server that says what its script has, over loopback.
#include "yam/service/tftp_client/tftp_client.hpp"

#include <gtest/gtest.h>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/tftp_client/tftp_call.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const std::string oack = "\0\6"s, rrq = "\0\1"s, wrq = "\0\2"s;

std::string data(char number, const std::string& bytes) {
  return "\0\3\0"s + number + bytes;
}
std::string ack(char number) {
  return "\0\4\0"s + number;
}
std::string error(char code, const std::string& text) {
  return "\0\5\0"s + code + text + "\0"s;
}

// Waits for a packet, then says something: from a port of its own, from another one as a stray, which may be
// gone before it is answered, or nothing, as who closes the transfer's port does.
struct Step {
  enum class From : std::uint8_t { transfer, stray, fleeting, nobody, gone };
  std::string answer;
  From from = From::transfer;
};

class TftpClient : public testing::Test {
 protected:
  void SetUp() override {
    loop_ = std::move(net::Loop::open().value());
    known_ = bound();
    transfer_ = bound();
    stray_ = bound();
    url_.host = "127.0.0.1";
    url_.port = known_->local_address().ip()->port;
    url_.name = "name";
    wish_.silence = 5s;
  }

  std::unique_ptr<net::DatagramSocket> bound() {
    const auto any = net::SocketAddress::of({IpAddress::loopback(Family::v4), 0});
    return std::move(net::DatagramSocket::bind(*loop_, any).value());
  }

  // The client's request comes to the known port, all else to that of the transfer.
  static net::Task<> play(TftpClient* test, std::vector<Step> steps) {
    net::DatagramBatch batch(1);
    net::SocketAddress client;
    for (const Step& step : steps) {
      const bool is_request = client.family() == AF_UNSPEC || test->requests_all_;
      net::DatagramSocket& from = is_request ? *test->known_ : *test->transfer_;
      const auto got = co_await from.receive(batch);
      if (!got) co_return;
      client = *batch.messages()[0].sender;
      test->heard_.push_back(string_of(batch.messages()[0].bytes));
      if (step.from == Step::From::nobody) continue;
      if (step.from == Step::From::gone) co_return test->transfer_.reset();
      if (step.from == Step::From::fleeting) {
        [[maybe_unused]] const auto sent = co_await test->stray_->send_to(client, bytes_of(step.answer));
        test->stray_.reset();
        continue;
      }
      if (step.from == Step::From::stray) {
        [[maybe_unused]] const auto sent = co_await test->stray_->send_to(client, bytes_of(step.answer));
        const auto told = co_await test->stray_->receive(batch);
        if (told) test->stray_heard_ = string_of(batch.messages()[0].bytes);
        continue;
      }
      [[maybe_unused]] const auto sent = co_await test->transfer_->send_to(client, bytes_of(step.answer));
    }
  }

  Result<void> get(std::vector<Step> steps, Download::Existing existing = Download::Existing::kept) {
    auto into = Download::open(*loop_, folder_.path("file"), existing);
    if (!into) return fail(into.error());
    net::Scope server(*loop_);
    server.spawn(play(this, std::move(steps)));
    return loop_->run(tftp_get(*loop_, url_, wish_, **into, report_));
  }

  static net::Task<> get_in_the_background(TftpClient* test, Download* into) {
    auto getting = tftp_get(*test->loop_, test->url_, test->wish_, *into, test->report_);
    [[maybe_unused]] const auto got = co_await std::move(getting);
  }

  Result<void> put(const std::string& content, std::vector<Step> steps) {
    folder_.put("source", content);
    auto from = Upload::open(*loop_, folder_.path("source"), url_.mode);
    if (!from) return fail(from.error());
    net::Scope server(*loop_);
    server.spawn(play(this, std::move(steps)));
    return loop_->run(tftp_put(*loop_, url_, wish_, **from, report_));
  }

  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::DatagramSocket> known_, transfer_, stray_;
  bool requests_all_ = false;  // each step answers a request
  store::TemporaryFolder folder_;
  TftpUrl url_;
  TftpWish wish_;
  TftpReport report_;
  std::vector<std::string> heard_;
  std::string stray_heard_;
};

TEST_F(TftpClient, AsksForOptionsAndTakesWhatIsGranted) {
  wish_.block_bytes = 8;
  wish_.window = 2;
  wish_.silence = 100ms;
  const auto got = get({{oack + "blksize\0008\0windowsize\0002\0tsize\00011\0"s}, {data(1, "12345678")}});
  EXPECT_FALSE(got);  // block 2 never comes
  EXPECT_EQ(heard_.at(0), rrq + "name\0octet\0blksize\0008\0windowsize\0002\0tsize\0000\0"s);
  EXPECT_EQ(heard_.at(1), ack(0));
  EXPECT_EQ(folder_.names().size(), 0U);
  EXPECT_EQ(report_.granted.size_bytes, 11U);
}

TEST_F(TftpClient, SavesWhatAPlainServerSends) {
  wish_.options = false;
  const auto got = get({{data(1, std::string(512, 'x'))}, {data(2, "end")}, {"", Step::From::nobody}});
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(heard_.at(0), rrq + "name\0octet\0"s);
  EXPECT_EQ(heard_.at(1), ack(1));
  EXPECT_EQ(folder_.content("file"), std::string(512, 'x') + "end");
  EXPECT_EQ(folder_.names(), std::set<std::string>{"file"});
  EXPECT_EQ(report_.statistics.bytes, 515U);
}

TEST_F(TftpClient, AsksPlainlyWhenOptionsAreRefused) {
  requests_all_ = true;
  const auto got = get({{error(8, "no options here")}, {data(1, "plain")}});
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(heard_.at(1), rrq + "name\0octet\0"s);
  EXPECT_TRUE(report_.fell_back);
  EXPECT_EQ(folder_.content("file"), "plain");
}

TEST_F(TftpClient, TellsAStrayThatItIsWrongAndGoesOn) {
  wish_.options = false;
  const auto got = get(
      {{data(1, std::string(512, 'x'))}, {data(2, "not this"), Step::From::stray}, {data(2, "but this")}});
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(stray_heard_.substr(0, 4), "\0\5\0\5"s);
  EXPECT_EQ(folder_.content("file"), std::string(512, 'x') + "but this");
}

TEST_F(TftpClient, RefusesAFileOfAnotherLengthThanPromised) {
  const auto got = get({{oack + "tsize\0009\0"s}, {data(1, "short")}, {"", Step::From::nobody}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::verification);
  EXPECT_NE(got.error().what.find("promised 9 bytes"), std::string::npos) << got.error().what;
  EXPECT_EQ(folder_.content("file.part"), "short");
  EXPECT_EQ(folder_.names().size(), 1U);
}

// It need not say that this was all: a disk is full before that.
TEST_F(TftpClient, StopsAServerThatSendsMoreThanItPromised) {
  wish_.block_bytes = 8;
  wish_.window = 1;
  const auto got =
      get({{oack + "blksize\0008\0tsize\00010\0"s}, {data(1, "12345678")}, {data(2, "12345678")}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::verification);
  EXPECT_NE(got.error().what.find("promised 10 bytes"), std::string::npos) << got.error().what;
  EXPECT_EQ(folder_.names().size(), 0U);
  net::DatagramBatch batch(1);
  const auto last_words = [](net::DatagramSocket* socket, net::DatagramBatch* into) -> net::Task<bool> {
    for (;;) {  // ACKs come before
      const auto heard = co_await socket->receive(*into);
      if (!heard) co_return false;
      if (text_of(into->messages()[0].bytes).starts_with("\0\5"s)) co_return true;
    }
  };
  ASSERT_TRUE(loop_->run(last_words(transfer_.get(), &batch)));
  EXPECT_EQ(string_of(batch.messages()[0].bytes), error(0, "this is not as long as was promised"));
}

TEST_F(TftpClient, TakesTheServersNo) {
  const auto got = get({{error(1, "no \x1b[31mfile")}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::refused);
  EXPECT_NE(got.error().what.find("no \\x1b[31mfile"), std::string::npos) << got.error().what;
  EXPECT_EQ(folder_.names().size(), 0U);
}

TEST_F(TftpClient, KeepsWhatIsThereUnlessTold) {
  folder_.put("file", "old");
  const auto kept = get({});
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, Code::local);
  EXPECT_EQ(kept.error().hint, "--force replaces it");
  ASSERT_TRUE(get({{data(1, "new")}}, Download::Existing::replaced));
  EXPECT_EQ(folder_.content("file"), "new");
}

TEST_F(TftpClient, ConvertsTextThatIsCutInALineEnd) {
  wish_.options = false;
  url_.mode = proto::tftp::Mode::netascii;
  const auto got = get({{data(1, std::string(511, 'x') + "\r")}, {data(2, "\nend\r\n")}});
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(folder_.content("file"), std::string(511, 'x') + "\nend\n");
}

TEST_F(TftpClient, SaysSoWhenNobodyIsThere) {
  known_.reset();
  const auto got = get({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::network);
  EXPECT_NE(got.error().what.find("connection refused"), std::string::npos) << got.error().what;
}

TEST_F(TftpClient, NoticesThatAServerIsGoneWhileItSends) {
  wish_.options = false;
  wish_.silence = 100s;
  const auto got = get({{data(1, std::string(512, 'x'))}, {"", Step::From::gone}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::network);
  EXPECT_EQ(got.error().what, "cannot go on with " + report_.server.to_string() +
                                  ": nobody listens at the peer's port any more");
  EXPECT_EQ(folder_.names().size(), 0U);
}

TEST_F(TftpClient, NoticesThatAServerIsGoneWhileItReceives) {
  wish_.options = false;
  wish_.silence = 100s;
  const auto put_it = put(std::string(2000, 'x'), {{ack(0)}, {"", Step::From::gone}});
  ASSERT_FALSE(put_it);
  EXPECT_EQ(put_it.error().code, Code::network);
  EXPECT_NE(put_it.error().what.find("nobody listens"), std::string::npos) << put_it.error().what;
}

TEST_F(TftpClient, DoesNotMindThatAStrayIsGone) {
  wish_.options = false;
  const auto got = get(
      {{data(1, std::string(512, 'x'))}, {data(2, "not this"), Step::From::fleeting}, {data(2, "but this")}});
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(folder_.content("file"), std::string(512, 'x') + "but this");
}

TEST_F(TftpClient, GivesUpOnSilence) {
  wish_.silence = 100ms;
  const auto got = get({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::timeout);
}

TEST_F(TftpClient, SendsAFileAndItsSize) {
  wish_.block_bytes = 8;
  wish_.window = 1;
  const auto put_it = put("12345678end", {{oack + "blksize\0008\0tsize\00011\0"s}, {ack(1)}, {ack(2)}});
  ASSERT_TRUE(put_it) << put_it.error().what;
  EXPECT_EQ(heard_.at(0), wrq + "name\0octet\0blksize\0008\0windowsize\0001\0tsize\00011\0"s);
  EXPECT_EQ(heard_.at(1), data(1, "12345678"));
  EXPECT_EQ(heard_.at(2), data(2, "end"));
}

TEST_F(TftpClient, SendsTextWithItsLineEnds) {
  wish_.options = false;
  url_.mode = proto::tftp::Mode::netascii;
  const auto put_it = put("a\nb\r", {{ack(0)}, {ack(1)}});
  ASSERT_TRUE(put_it) << put_it.error().what;
  EXPECT_EQ(heard_.at(0), wrq + "name\0netascii\0"s);
  EXPECT_EQ(heard_.at(1), data(1, "a\r\nb\r\0"s));
}

TEST_F(TftpClient, TellsTheServerWhenItIsCancelled) {
  wish_.options = false;
  auto into = Download::open(*loop_, folder_.path("file"), Download::Existing::kept);
  ASSERT_TRUE(into);
  net::Scope tasks(*loop_);
  tasks.spawn(get_in_the_background(this, into->get()));
  loop_->run(play(this, {{data(1, std::string(512, 'x'))}, {"", Step::From::nobody}}));
  tasks.cancel();
  net::DatagramBatch batch(1);
  const auto farewell = [](net::DatagramSocket* socket, net::DatagramBatch* into_batch) -> net::Task<bool> {
    const auto got = co_await socket->receive(*into_batch);
    co_return got.has_value();
  };
  ASSERT_TRUE(loop_->run(farewell(transfer_.get(), &batch)));
  EXPECT_EQ(text_of(batch.messages()[0].bytes).substr(0, 4), "\0\5\0\0"s);
  into->reset();
  EXPECT_EQ(folder_.names().size(), 0U);
}

TEST(TftpCall, AsksForBlocksThatFitThePath) {
  EXPECT_EQ(block_bytes_for(1500, true), 1428);
  EXPECT_EQ(block_bytes_for(1500, false), 1408);
  EXPECT_EQ(block_bytes_for(65536, true), 65464);
  EXPECT_EQ(block_bytes_for(576, true), 504);
  EXPECT_EQ(block_bytes_for(68, true), 8);
  EXPECT_EQ(window_for(1428), 64);
  EXPECT_EQ(window_for(8), 64);
  EXPECT_EQ(window_for(65464), 2);
}

}  // namespace
}  // namespace yam::service
