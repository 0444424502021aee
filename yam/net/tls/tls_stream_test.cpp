#include <algorithm>

#include "yam/net/tls/tls_pair_test.hpp"

namespace yam::net {
namespace {

using TlsStreamTest = TlsPairTest;

const Error cut{Code::identity,
                "the TLS connection was cut without close_notify; what was received may be incomplete", ""};

Bytes pattern(std::size_t size, std::size_t salt) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>((i * 7 + salt) % 251);
  return bytes;
}

// In writes of odd sizes, each size once in turn.
Task<> write_in_pieces(Stream* stream, const Bytes* bytes) {
  static constexpr std::size_t sizes[] = {1, 16384, 7, 300'001, 16385, 4096, 1'000'003, 511};
  std::size_t at = 0;
  for (std::size_t turn = 0; at < bytes->size(); ++turn) {
    const std::size_t size = std::min(sizes[turn % std::size(sizes)], bytes->size() - at);
    const auto written = co_await stream->write(ByteView(*bytes).subspan(at, size));
    EXPECT_EQ(written.value(), size);
    at += size;
  }
  const auto finished = co_await stream->finish();
  EXPECT_TRUE(finished.has_value());
}

Task<> collect(Stream* stream, Bytes* all, std::size_t piece_bytes) {
  *all = co_await read_to_end(stream, nullptr, piece_bytes);
}

// A carrier at its worst: it takes and gives `crumb` bytes at a time.
class CrumblingStream final : public Stream {
 public:
  CrumblingStream(std::unique_ptr<Stream> whole, std::size_t crumb)
      : whole_(std::move(whole)), crumb_(crumb) {}
  Attempt try_read(ByteSpan into) override {
    return whole_->try_read(into.first(std::min(crumb_, into.size())));
  }
  Attempt try_write(std::span<const ByteView> parts) override {
    const ByteView crumb = parts.front().first(std::min(crumb_, parts.front().size()));
    return whole_->try_write({&crumb, 1});
  }
  Attempt try_finish() override { return whole_->try_finish(); }
  Watch& read_watch() override { return whole_->read_watch(); }
  Watch& write_watch() override { return whole_->write_watch(); }
  void abort() override { whole_->abort(); }

 private:
  std::unique_ptr<Stream> whole_;
  std::size_t crumb_;
};

TEST_F(TlsStreamTest, CarriesMegabytesBothWaysAtOnce) {
  shake_hands_well();
  const Bytes up = pattern(3'000'017, 1), down = pattern(3'100'003, 2);
  Bytes came_up, came_down;
  Scope scope(*loop_);
  scope.spawn(write_in_pieces(&client(), &up));
  scope.spawn(write_in_pieces(&server(), &down));
  scope.spawn(collect(&client(), &came_down, 777));
  scope.spawn(collect(&server(), &came_up, 256 * 1024));
  loop_->run(drained(&scope));
  EXPECT_TRUE(came_up == up);
  EXPECT_TRUE(came_down == down);
}

TEST_F(TlsStreamTest, CarriesOverACarrierThatCrumbles) {
  for (const std::size_t crumb : {1u, 3u, 1000u}) {
    connect_carriers();
    near_ = std::make_unique<CrumblingStream>(std::move(near_), crumb);
    far_ = std::make_unique<CrumblingStream>(std::move(far_), crumb);
    shake_hands_well();
    const Bytes up = pattern(50'000, 3), down = pattern(60'000, 4);
    Bytes came_up, came_down;
    Scope scope(*loop_);
    scope.spawn(write_in_pieces(&client(), &up));
    scope.spawn(write_in_pieces(&server(), &down));
    scope.spawn(collect(&client(), &came_down, 1));
    scope.spawn(collect(&server(), &came_up, 40'000));
    loop_->run(drained(&scope));
    EXPECT_TRUE(came_up == up) << crumb;
    EXPECT_TRUE(came_down == down) << crumb;
  }
}

TEST_F(TlsStreamTest, EachDirectionEndsByItself) {
  const auto converse = [](Stream* a, Stream* b) -> Task<std::string> {
    co_await a->finish();
    Bytes piece(100);
    const auto end = co_await b->read(piece);
    EXPECT_EQ(end.value(), 0u);
    const auto still = co_await b->read(piece);
    EXPECT_EQ(still.value(), 0u);
    co_await b->write(bytes_of("still "), bytes_of("here"));
    co_await b->finish();
    const auto refused = co_await a->write(bytes_of("x"));
    EXPECT_EQ(refused.error().what, "cannot write: our direction of the TLS connection has ended");
    const Bytes all = co_await read_to_end(a);
    co_return string_of(all);
  };
  shake_hands_well();
  EXPECT_EQ(loop_->run(converse(&client(), &server())), "still here");
  near_.reset();
  shake_hands_well();
  EXPECT_EQ(loop_->run(converse(&server(), &client())), "still here");
}

// The FIN follows the second close_notify, not the first.
TEST_F(TlsStreamTest, TheCarrierEndsWhenBothHaveFinished) {
  const auto is_over = [](int fd) {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  };
  const auto converse = [](Stream* a, Stream* b) -> Task<> {
    co_await a->finish();
    Bytes piece(100);
    co_await b->read(piece);
  };
  const auto conclude = [](Stream* a, Stream* b) -> Task<> {
    co_await b->finish();
    const Bytes rest = co_await read_to_end(a);
    EXPECT_TRUE(rest.empty());
  };
  shake_hands_well();
  loop_->run(converse(&client(), &server()));
  EXPECT_FALSE(is_over(far_fd_));
  loop_->run(conclude(&client(), &server()));
  EXPECT_TRUE(is_over(far_fd_));
}

TEST_F(TlsStreamTest, AStreamCutWithoutCloseNotifyIsAFault) {
  const auto cut_after = [](Stream* cutter, int fd, Stream* reader) -> Task<std::string> {
    co_await cutter->write(bytes_of("half a mess"));
    ::shutdown(fd, SHUT_WR);
    Error fault;
    const Bytes all = co_await read_to_end(reader, &fault);
    EXPECT_EQ(fault, cut);
    Bytes piece(10);
    EXPECT_TRUE(co_await reader->readable());
    const auto again = co_await reader->read(piece);
    EXPECT_EQ(again.error(), cut);
    co_return string_of(all);
  };
  shake_hands_well();
  EXPECT_EQ(loop_->run(cut_after(&client(), near_fd_, &server())), "half a mess");
  near_.reset();
  shake_hands_well();
  EXPECT_EQ(loop_->run(cut_after(&server(), far_fd_, &client())), "half a mess");
}

// Ours is over, theirs was still running: that end is no end either.
TEST_F(TlsStreamTest, ACutAfterOurOwnFinishIsAFaultToo) {
  const auto converse = [](Stream* a, Stream* b, int fd) -> Task<Error> {
    co_await a->finish();
    co_await b->write(bytes_of("answer"));
    ::shutdown(fd, SHUT_WR);
    Error fault;
    const Bytes all = co_await read_to_end(a, &fault);
    EXPECT_EQ(text_of(all), "answer");
    co_return fault;
  };
  shake_hands_well();
  EXPECT_EQ(loop_->run(converse(&client(), &server(), far_fd_)), cut);
}

TEST_F(TlsStreamTest, BytesAlteredOnTheWayAreAFault) {
  const auto spoil = [](Stream* a, int fd, Stream* b) -> Task<Error> {
    co_await a->write(bytes_of("good"));
    const std::string forged(
        "\x17\x03\x03\x00\x20"
        "0123456789abcdef0123456789abcdef",
        37);
    EXPECT_EQ(::write(fd, forged.data(), forged.size()), 37);
    Error fault;
    const Bytes all = co_await read_to_end(b, &fault);
    EXPECT_EQ(text_of(all), "good");
    co_return fault;
  };
  shake_hands_well();
  EXPECT_EQ(loop_->run(spoil(&client(), near_fd_, &server())),
            (Error{Code::identity, "TLS with the peer: decryption failed or bad record mac", ""}));
}

TEST_F(TlsStreamTest, AWriteEndsAtItsDeadlineWhenThePeerTakesNothing) {
  const auto converse = [](Loop* loop, Stream* a) -> Task<> {
    const Bytes much(10'000'000);
    const auto late = co_await a->write(much, loop->now() + 1ms);
    EXPECT_EQ(late.error().code, Code::timeout);
  };
  shake_hands_well();
  loop_->run(converse(loop_.get(), &client()));
}

// What the carrier did not take goes out by itself: nobody writes any more, somebody only reads.
TEST_F(TlsStreamTest, TheRestOfAWriteLeavesWithoutHelp) {
  const auto read_count = [](Stream* stream, std::size_t bytes) -> Task<> {
    Bytes piece(64 * 1024);
    while (bytes > 0) {
      const auto count = co_await stream->read(ByteSpan(piece).first(std::min(piece.size(), bytes)));
      EXPECT_TRUE(count.has_value());
      if (!count) co_return;
      bytes -= *count;
    }
  };
  shake_hands_well();
  const Bytes much = pattern(TlsCipher::batch_bytes_max, 5);  // more than the socket holds
  const ByteView part = much;
  const Attempt took = client().try_write({&part, 1});
  ASSERT_TRUE(took && *took);
  EXPECT_EQ(**took, much.size());
  EXPECT_FALSE(client().try_write({&part, 1}).has_value());
  loop_->run(read_count(&server(), much.size()));
}

TEST_F(TlsStreamTest, ReadableKnowsOfPlaintextThatIsAlreadyHere) {
  const auto converse = [](Loop* loop, Stream* a, Stream* b) -> Task<> {
    EXPECT_FALSE(co_await b->readable(loop->now() + 1ms));
    co_await a->write(bytes_of("abc"));
    Bytes one(1);
    for (const char expected : {'a', 'b', 'c'}) {
      EXPECT_TRUE(co_await b->readable(loop->now() + 1h));
      const auto count = co_await b->read(one);
      EXPECT_EQ(count.value(), 1u);
      EXPECT_EQ(one[0], static_cast<std::byte>(expected));
    }
    EXPECT_FALSE(co_await b->readable(loop->now() + 1ms));
    co_await a->finish();
    EXPECT_TRUE(co_await b->readable(loop->now() + 1h));
    const auto end = co_await b->read(one);
    EXPECT_EQ(end.value(), 0u);
    EXPECT_TRUE(co_await b->readable(loop->now() + 1h));
  };
  shake_hands_well();
  loop_->run(converse(loop_.get(), &client(), &server()));
}

TEST_F(TlsStreamTest, TlsRidesOnTls) {
  shake_hands_well();
  near_ = std::move(*client_);
  far_ = std::move(*server_);
  shake_hands_well();
  const Bytes up = pattern(2'000'000, 6), down = pattern(1'000'000, 7);
  Bytes came_up, came_down;
  Scope scope(*loop_);
  scope.spawn(write_in_pieces(&client(), &up));
  scope.spawn(write_in_pieces(&server(), &down));
  scope.spawn(collect(&client(), &came_down, 5000));
  scope.spawn(collect(&server(), &came_up, 50'000));
  loop_->run(drained(&scope));
  EXPECT_TRUE(came_up == up);
  EXPECT_TRUE(came_down == down);
}

}  // namespace
}  // namespace yam::net
