// The drivers of a transfer, two ends of one in one process over loopback, one scratch for both.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/loop/scope.hpp"
#include "yam/service/tftp/receive_blocks.hpp"
#include "yam/service/tftp/send_blocks.hpp"
#include "yam/service/tftp_server/file_sink.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

namespace tftp = proto::tftp;

std::string letters(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>('A' + i % 61);
  return text;
}

class BlocksTest : public testing::Test {
 protected:
  void SetUp() override {
    loop_ = std::move(net::Loop::open().value());
    open_ports();
  }

  // For each transfer, as in life: what was sent again comes late.
  void open_ports() {
    net::DatagramOptions here;
    here.bind = net::SocketAddress::of({IpAddress::loopback(Family::v4), 0});
    receiving_ = TftpPort::call(*loop_, scratch_, *here.bind, here).value();
    sending_ = TftpPort::connect(*loop_, scratch_, receiving_->local_address()).value();
    receiving_->settle(sending_->local_address());
  }

  FileSource source(const std::string& content) {
    folder_.put("source", content);
    auto opened = store::Folder::open(folder_.path()).value().open_file("source").value();
    auto mapped = store::MappedFile::map(std::move(opened.fd), opened.size).value();
    return FileSource(std::make_shared<const store::MappedFile>(std::move(mapped)));
  }
  std::unique_ptr<FileSink> sink(std::uint64_t bytes_max = UINT64_MAX) {
    const auto create = [this]() -> TftpResult<TftpNewFile> {
      return TftpNewFile{store::Folder::open(folder_.path()).value().create_file("copy").value(), {}};
    };
    return std::make_unique<FileSink>(*loop_, create, bytes_max);
  }

  // Both ends until each has said how it went.
  void play(tftp::Sender& sender, BlockSource& from, tftp::Receiver& receiver, BlockSink& into) {
    const auto both = [](net::Loop* loop, BlocksTest* t, tftp::Sender* s, BlockSource* f, tftp::Receiver* r,
                         BlockSink* i) -> net::Task<> {
      net::Scope tasks(*loop);
      tasks.spawn(send_blocks(*t->sending_, *s, *f));
      tasks.spawn(receive_blocks(*t->receiving_, *r, *i));
      co_await tasks.drained();
    };
    loop_->run(both(loop_.get(), this, &sender, &from, &receiver, &into));
  }

  std::unique_ptr<net::Loop> loop_;
  TftpScratch scratch_;
  std::unique_ptr<TftpPort> receiving_, sending_;
  store::TemporaryFolder folder_;
};

tftp::Sender sender_of(const tftp::Terms& terms) {
  return tftp::Sender({.terms = terms, .proved = true}, Clock::now());
}
tftp::Receiver receiver_of(const tftp::Terms& terms) {
  return tftp::Receiver({.terms = terms, .answers = false, .proved = true}, Clock::now());
}
tftp::Terms terms_of(std::uint16_t block_bytes, std::uint16_t window) {
  tftp::Terms terms;
  terms.block_bytes = block_bytes;
  terms.window = window;
  return terms;
}

// A block that fills a hole, in the batch in which the hole was seen: it is asked for what came behind.
TEST_F(BlocksTest, EachPacketOfABatchIsAnsweredBeforeTheNext) {
  const auto send = [&](std::uint16_t number, std::string_view bytes) {
    const auto header = tftp::data_header(number);
    Bytes packet(header.begin(), header.end());
    packet.insert(packet.end(), bytes_of(bytes).begin(), bytes_of(bytes).end());
    EXPECT_TRUE(sending_->try_send(packet).has_value());
  };
  send(1, "12345678");
  send(3, "12345678");
  send(2, "12345678");
  std::vector<std::uint16_t> acks;
  const auto peer = [](TftpPort* port, std::vector<std::uint16_t>* heard, const auto* say) -> net::Task<> {
    while (heard->empty() || heard->back() != 3) {
      const auto got = co_await port->receive(never);
      if (!got) co_return;
      port->hear([&](ByteView packet, const net::SocketAddress&) {
        heard->push_back(std::get<tftp::Ack>(tftp::decode(packet).value()).number);
      });
      if (heard->back() != 3) (*say)(3, "end");
    }
  };
  const auto both = [](net::Loop* loop, net::Task<> one, net::Task<> other) -> net::Task<> {
    net::Scope tasks(*loop);
    tasks.spawn(std::move(one));
    tasks.spawn(std::move(other));
    co_await tasks.drained();
  };
  auto receiver = receiver_of(terms_of(8, 4));
  const auto into = sink();
  loop_->run(
      both(loop_.get(), peer(sending_.get(), &acks, &send), receive_blocks(*receiving_, receiver, *into)));
  EXPECT_EQ(receiver.end(), tftp::End::done);
  EXPECT_EQ(acks.front(), 1);
}

TEST_F(BlocksTest, FilesOfEverySizeComeWhole) {
  struct Row {
    std::size_t size;
    std::uint16_t block_bytes, window;
  };
  for (const Row row : {Row{0, 512, 1}, Row{1, 512, 1}, Row{511, 512, 1}, Row{512, 512, 1}, Row{513, 512, 4},
                        Row{70'000, 512, 1}, Row{3'000'000, 1428, 64}, Row{3'000'000, 65464, 8},
                        Row{5'000, 8, 64}, Row{1428 * 64, 1428, 64}}) {
    open_ports();
    const std::string content = letters(row.size);
    auto from = source(content);
    const auto terms = terms_of(row.block_bytes, row.window);
    auto sender = sender_of(terms);
    auto receiver = receiver_of(terms);
    const auto into = sink();
    play(sender, from, receiver, *into);
    EXPECT_EQ(sender.end(), tftp::End::done) << sender.error().what;
    EXPECT_EQ(receiver.end(), tftp::End::done) << receiver.error().what;
    EXPECT_EQ(into->committed_name(), "copy");
    EXPECT_TRUE(folder_.content("copy") == content) << row.size << " " << row.block_bytes;
    ::unlink(folder_.path("copy").c_str());
  }
}

TEST_F(BlocksTest, AMebibyteInFlightComesThroughATinySocket) {
  const std::string content = letters(4'000'000);
  for (const auto& [block_bytes, window, buffer_bytes] :
       {std::array{1428, 734, 8'000}, std::array{1428, 734, 100'000}, std::array{65464, 16, 80'000}}) {
    open_ports();
    ::setsockopt(receiving_->fd(), SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    const auto terms = terms_of(static_cast<std::uint16_t>(block_bytes), static_cast<std::uint16_t>(window));
    auto sender = sender_of(terms);
    auto receiver = receiver_of(terms);
    auto from = source(content);
    const auto into = sink();
    play(sender, from, receiver, *into);
    EXPECT_EQ(sender.end(), tftp::End::done) << sender.error().what;
    EXPECT_TRUE(folder_.content("copy") == content) << block_bytes << " " << buffer_bytes;
    ::unlink(folder_.path("copy").c_str());
  }
}

TEST_F(BlocksTest, ATapSeesEachPacketAsItLeavesAndArrives) {
  class Count final : public TftpTap {
   public:
    void handle_sent(ByteView head, std::size_t packet_bytes, Time) override {
      EXPECT_TRUE(tftp::decode(head).has_value());
      ++sent;
      sent_bytes += packet_bytes;
    }
    void handle_received(ByteView, Time) override { ++received; }
    std::size_t sent = 0, sent_bytes = 0, received = 0;
  };
  Count at_sender, at_receiver;
  sending_->set_tap(&at_sender);
  receiving_->set_tap(&at_receiver);
  auto from = source(letters(1'000'000));
  auto sender = sender_of(terms_of(1000, 64));
  auto receiver = receiver_of(terms_of(1000, 64));
  const auto into = sink();
  play(sender, from, receiver, *into);
  EXPECT_EQ(receiver.end(), tftp::End::done);
  EXPECT_EQ(at_sender.sent, 1001 + sender.statistics().retransmissions);
  EXPECT_GE(at_sender.sent_bytes, 1'000'000u + 1001 * tftp::header_bytes);
  EXPECT_GE(at_receiver.received, 1001u);
  EXPECT_LE(at_receiver.received, at_sender.sent);
  EXPECT_GE(at_receiver.sent, 1001u / 64);
  EXPECT_LE(at_sender.received, at_receiver.sent);
}

TEST_F(BlocksTest, AFileThatBecomesShorterIsAnErrorAtBothEnds) {
  // All of it, whole pages, or less than what its last page holds.
  for (const off_t left : {0, 50'000, 99'999}) {
    for (const auto& terms : {terms_of(512, 1), terms_of(1428, 64)}) {
      open_ports();
      auto from = source(letters(100'000));
      ASSERT_EQ(::truncate(folder_.path("source").c_str(), left), 0);
      auto sender = sender_of(terms);
      auto receiver = receiver_of(terms);
      const auto into = sink();
      play(sender, from, receiver, *into);
      EXPECT_EQ(sender.end(), tftp::End::stopped) << left;
      EXPECT_EQ(sender.error().what, "the file changed while it was sent");
      EXPECT_EQ(receiver.end(), tftp::End::peer_error);
      EXPECT_FALSE(folder_.names().contains("copy"));
    }
  }
}

TEST_F(BlocksTest, AFileThatIsWrittenToMeanwhileIsAnErrorAtBothEnds) {
  auto from = source(letters(100'000));
  folder_.put("source", letters(100'000));  // in place, as cp does
  const timespec later[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, folder_.path("source").c_str(), later, 0), 0);
  auto sender = sender_of(terms_of(512, 1));
  auto receiver = receiver_of(terms_of(512, 1));
  const auto into = sink();
  play(sender, from, receiver, *into);
  EXPECT_EQ(sender.error().what, "the file changed while it was sent");
  EXPECT_EQ(receiver.end(), tftp::End::peer_error);
}

TEST_F(BlocksTest, ASinkThatIsFullIsAnErrorAtBothEnds) {
  auto from = source(letters(10'000));
  auto sender = sender_of(tftp::Terms());
  auto receiver = receiver_of(tftp::Terms());
  const auto into = sink(9'999);
  play(sender, from, receiver, *into);
  EXPECT_EQ(receiver.error().what, "the file is too large here");
  EXPECT_EQ(sender.end(), tftp::End::peer_error);
  EXPECT_EQ(sender.statistics().peer_error, 3);
}

TEST_F(BlocksTest, TextComesWithTheLinesOfThisSystem) {
  auto from = source(std::string("a\r\nb\r\0c\r\n", 9));
  auto sender = sender_of(terms_of(8, 1));  // the last CR LF lies in two blocks
  auto receiver = receiver_of(terms_of(8, 1));
  const auto into = sink();
  into->decode_netascii();
  play(sender, from, receiver, *into);
  EXPECT_EQ(receiver.end(), tftp::End::done);
  EXPECT_EQ(folder_.content("copy"), "a\nb\rc\n");
}

// A pipe whose writer says the next line when the one before has arrived.
class Conversation final : public BlockSource {
 public:
  Conversation(net::Loop& loop, const tftp::Receiver& peer) : loop_(loop), peer_(peer) {}

  std::uint64_t bytes_ready() const override { return text_.size(); }
  bool has_ended() const override { return text_.size() == 512 * 8 + 1; }
  ByteView view(std::uint64_t offset, std::size_t bytes) override {
    return bytes_of(text_).subspan(static_cast<std::size_t>(offset), bytes);
  }
  net::Task<TftpResult<>> grow(std::uint64_t, std::uint64_t, Time until) override {
    if (peer_.statistics().bytes == text_.size()) {
      text_ = letters(std::min<std::size_t>(text_.size() + 512, 512 * 8 + 1));
    } else if (++silences_ < 500) {
      co_await loop_.sleep_until(until);
    } else {
      co_return tftp_fail(tftp::ErrorCode::undefined, "nobody listens to it");
    }
    co_return TftpResult<>();
  }

 private:
  net::Loop& loop_;
  const tftp::Receiver& peer_;
  std::string text_;
  int silences_ = 0;
};

TEST_F(BlocksTest, ASlowSourceIsSentAsItComes) {
  tftp::Terms terms;
  terms.window = 16;
  tftp::Sender sender({.terms = terms, .proved = true}, Clock::now());
  tftp::Receiver receiver({.terms = terms, .answers = false, .proved = true}, Clock::now());
  Conversation from(*loop_, receiver);
  const auto into = sink();
  play(sender, from, receiver, *into);
  EXPECT_EQ(sender.end(), tftp::End::done);
  EXPECT_EQ(folder_.content("copy"), letters(512 * 8 + 1));
}

TEST_F(BlocksTest, APeerThatHasGoneEndsIt) {
  auto from = source(letters(100'000));
  receiving_.reset();
  tftp::Sender::Setup setup;
  setup.proved = true;
  setup.round_trip = std::chrono::milliseconds(1);
  tftp::Sender sender(setup, Clock::now());
  loop_->run(send_blocks(*sending_, sender, from));
  EXPECT_EQ(sender.end(), tftp::End::stopped);
  EXPECT_EQ(sender.error().what, TftpPort::gone);
}

TEST_F(BlocksTest, WhoSendsToAnotherTransfersPortIsToldSoAndNotHeard) {
  const auto stranger = TftpPort::connect(*loop_, scratch_, receiving_->local_address()).value();
  net::DatagramOptions here;
  here.bind = net::SocketAddress::of({IpAddress::loopback(Family::v4), 0});
  // One that has its peer, and whose kernel cannot keep others out: what came before settle().
  const auto open = TftpPort::call(*loop_, scratch_, sending_->local_address(), here).value();
  const auto other = TftpPort::connect(*loop_, scratch_, open->local_address()).value();
  const auto talk = [](TftpPort* port, TftpPort* from, net::SocketAddress peer,
                       std::string* heard) -> net::Task<> {
    const Bytes packet = copy_of(bytes_of("hello"));
    const auto sent = co_await from->send(packet);
    EXPECT_TRUE(sent.has_value());
    port->settle(peer);
    const auto got = co_await port->receive(never);
    EXPECT_TRUE(got.has_value());
    port->hear([](ByteView, const net::SocketAddress&) { ADD_FAILURE() << "heard a stranger"; });
    const auto answered = co_await from->receive(never);
    EXPECT_TRUE(answered.has_value());
    from->hear([&](ByteView bytes, const net::SocketAddress&) { *heard = string_of(bytes); });
  };
  std::string heard;
  loop_->run(talk(open.get(), other.get(), sending_->local_address(), &heard));
  EXPECT_EQ(heard, std::string("\0\5\0\5this port belongs to another transfer\0", 42));
}

}  // namespace
}  // namespace yam::service
