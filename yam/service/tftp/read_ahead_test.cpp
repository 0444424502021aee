#include "yam/service/tftp/read_ahead.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "yam/net/loop/scope.hpp"
#include "yam/service/tftp/receive_blocks.hpp"
#include "yam/service/tftp/send_blocks.hpp"

namespace yam::service {
namespace {

namespace tftp = proto::tftp;

constexpr std::uint64_t someone = 7;

TEST(ReadAhead, GivesBackWhatIsThereFromAnyOffset) {
  ReadAhead ahead;
  const ByteSpan room = ahead.room();
  ASSERT_EQ(room.size(), ReadAhead::bytes_max);
  std::ranges::copy(bytes_of("abcdef"), room.begin());
  ahead.keep(someone, 100, 6);
  EXPECT_EQ(text_of(ahead.view(someone, 100)), "abcdef");
  EXPECT_EQ(text_of(ahead.view(someone, 105)), "f");
  EXPECT_TRUE(ahead.view(someone, 106).empty());
  EXPECT_TRUE(ahead.view(someone, 99).empty());
}

TEST(ReadAhead, HasNothingForAnotherTransferNorOnceTheRoomIsTaken) {
  ReadAhead ahead;
  static_cast<void>(ahead.room());
  ahead.keep(someone, 0, 10);
  EXPECT_TRUE(ahead.view(someone + 1, 0).empty());
  EXPECT_FALSE(ahead.view(someone, 0).empty());
  static_cast<void>(ahead.room());
  EXPECT_TRUE(ahead.view(someone, 0).empty());
}

TEST(ReadAhead, KnowsWhoHasTheLoopToHimself) {
  ReadAhead ahead;
  const std::uint64_t one = ahead.add_transfer(), other = ahead.add_transfer();
  EXPECT_NE(one, other);
  EXPECT_FALSE(ahead.note_sending(one));
  EXPECT_TRUE(ahead.note_sending(one));
  EXPECT_FALSE(ahead.note_sending(other));
  EXPECT_FALSE(ahead.note_sending(one));
}

// Counts how its bytes are taken.
class CountedSource final : public BlockSource {
 public:
  explicit CountedSource(std::string content) : content_(std::move(content)) {}

  std::uint64_t bytes_ready() const override { return content_.size(); }
  bool has_ended() const override { return true; }
  ByteView view(std::uint64_t offset, std::size_t bytes) override {
    bytes_viewed += bytes;
    return bytes_of(content_).subspan(static_cast<std::size_t>(offset), bytes);
  }
  bool read(std::uint64_t offset, ByteSpan into) override {
    bytes_read += into.size();
    const ByteView from = bytes_of(content_).subspan(static_cast<std::size_t>(offset), into.size());
    std::ranges::copy(from, into.begin());
    return true;
  }
  net::Task<TftpResult<>> grow(std::uint64_t, std::uint64_t, Time) override { co_return TftpResult<>(); }

  std::uint64_t bytes_viewed = 0;
  std::uint64_t bytes_read = 0;

 private:
  std::string content_;
};

class TextSink final : public BlockSink {
 public:
  TftpResult<> take(std::span<const ByteView> pieces) override {
    for (const ByteView piece : pieces)
      text += text_of(piece);
    return {};
  }
  net::Task<TftpResult<>> finish() override { co_return TftpResult<>(); }

  std::string text;
};

// A transfer over loopback, both ends of it.
struct Transfer {
  Transfer(net::Loop& loop, TftpScratch& scratch, const std::string& content, std::uint16_t block_bytes,
           std::uint16_t window)
      : from(content) {
    net::DatagramOptions options;
    options.bind = net::SocketAddress::of({IpAddress::loopback(Family::v4), 0});
    options.receive_buffer_bytes = 1 << 20;
    receiving = TftpPort::call(loop, scratch, *options.bind, options).value();
    sending = TftpPort::connect(loop, scratch, receiving->local_address()).value();
    receiving->settle(sending->local_address());
    tftp::Terms terms;
    terms.block_bytes = block_bytes;
    terms.window = window;
    sender.emplace(tftp::Sender::Setup{.terms = terms, .proved = true}, Clock::now());
    receiver.emplace(tftp::Receiver::Setup{.terms = terms, .answers = false, .proved = true}, Clock::now());
  }

  std::unique_ptr<TftpPort> receiving, sending;
  CountedSource from;
  TextSink into;
  std::optional<tftp::Sender> sender;
  std::optional<tftp::Receiver> receiver;
};

net::Task<> play_all(net::Loop& loop, std::span<Transfer* const> transfers) {
  net::Scope tasks(loop);
  for (Transfer* each : transfers) {
    tasks.spawn(send_blocks(*each->sending, *each->sender, each->from));
    tasks.spawn(receive_blocks(*each->receiving, *each->receiver, each->into));
  }
  co_await tasks.drained();
}

std::string bytes_like(char first, std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(first + i % 23);
  return text;
}

TEST(ReadAhead, IsWhatWhoIsAloneSends) {
  const auto loop = net::Loop::open().value();
  TftpScratch scratch;
  const std::string content = bytes_like('A', 2'000'001);
  struct Row {
    std::uint16_t block_bytes, window;
    bool reads;
  };
  for (const Row row : {Row{1428, 64, true}, Row{65464, 1, true}, Row{65464, 8, true}, Row{1428, 4, false}}) {
    Transfer transfer(*loop, scratch, content, row.block_bytes, row.window);
    Transfer* const alone = &transfer;
    loop->run(play_all(*loop, {&alone, 1}));
    EXPECT_TRUE(transfer.into.text == content) << row.block_bytes;
    if (row.reads) {
      EXPECT_LT(transfer.from.bytes_viewed, content.size() * 3 / 4) << row.block_bytes;
    } else {
      EXPECT_EQ(transfer.from.bytes_read, 0U);
    }
  }
}

TEST(ReadAhead, OfOneTransferIsNotSentByAnother) {
  const auto loop = net::Loop::open().value();
  TftpScratch scratch;
  const std::string contents[] = {bytes_like('A', 1'500'000), bytes_like('a', 1'500'000)};
  Transfer one(*loop, scratch, contents[0], 1428, 32);
  Transfer other(*loop, scratch, contents[1], 1428, 32);
  Transfer* const both[] = {&one, &other};
  loop->run(play_all(*loop, both));
  EXPECT_TRUE(one.into.text == contents[0]);
  EXPECT_TRUE(other.into.text == contents[1]);
}

}  // namespace
}  // namespace yam::service
