#include "yam/proto/tftp/receiver.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;

// A receiver of 8-byte blocks and a clock; what it says reads as "ack 4", "oack" or "error: words".
struct Bench {
  explicit Bench(std::uint16_t window = 1, bool proved = true, Patience patience = {})
      : receiver(setup(window, proved, patience), now) {}

  static Receiver::Setup setup(std::uint16_t window, bool proved, Patience patience) {
    Receiver::Setup made;
    made.terms.block_bytes = 8;
    made.terms.window = window;
    made.proved = proved;
    made.patience = patience;
    return made;
  }

  std::string said() {
    std::string line;
    while (const auto out = receiver.poll_packet(now)) {
      const Packet packet = decode(*out).value();
      if (!line.empty()) line += ", ";
      if (const auto* ack = std::get_if<Ack>(&packet)) line += fmt::format("ack {}", ack->number);
      if (const auto* error = std::get_if<ErrorPacket>(&packet))
        line += fmt::format("error: {}", error->text);
      if (std::holds_alternative<OptionAck>(packet)) line += "oack";
    }
    return line;
  }

  std::string data(std::uint16_t number, std::string_view bytes = "12345678", Duration later = 1ms) {
    now = after(now, later);
    const auto header = data_header(number);
    Bytes packet(header.begin(), header.end());
    packet.insert(packet.end(), bytes_of(bytes).begin(), bytes_of(bytes).end());
    receiver.handle_packet(packet, now);
    if (const auto taken = receiver.poll_data()) file += text_of(*taken);
    return said();
  }

  std::string blocks(std::initializer_list<std::uint16_t> numbers) {
    std::string line;
    for (const std::uint16_t number : numbers)
      line += data(number);
    return line;
  }

  std::string timeout() {
    now = receiver.deadline();
    receiver.handle_timeout(now);
    return said();
  }

  Time now{};
  Receiver receiver;
  std::string file;
};

TEST(Receiver, AcknowledgesEachBlockAndTheLastWhenItIsSaved) {  // RFC 1350 §2, §6
  Bench bench;
  EXPECT_EQ(bench.said(), "ack 0");
  EXPECT_EQ(bench.data(1), "ack 1");
  EXPECT_EQ(bench.data(2, "end"), "");
  EXPECT_TRUE(bench.receiver.complete());
  EXPECT_EQ(bench.data(2, "end"), "");
  EXPECT_EQ(bench.receiver.end(), End::none);
  bench.receiver.handle_saved(bench.now);
  EXPECT_EQ(bench.said(), "ack 2");
  EXPECT_EQ(bench.receiver.end(), End::done);
  EXPECT_EQ(bench.file, "12345678end");
  EXPECT_EQ(bench.data(2, "end"), "ack 2");  // dallying
  EXPECT_FALSE(bench.receiver.gone());
  EXPECT_EQ(bench.timeout(), "");
  EXPECT_TRUE(bench.receiver.gone());
  EXPECT_EQ(bench.data(2, "end"), "");
}

TEST(Receiver, DalliesNoLongerThanSomeOfItsTimeoutsWhereThatIsEnough) {
  Patience patience;
  patience.dally = 500ms;
  patience.dally_timeouts = 8;
  for (const auto& [round_trip, dally] :
       {std::pair{1ms, 80ms}, std::pair{10ms, 240ms}, std::pair{100ms, 500ms}}) {
    Bench bench(1, true, patience);
    bench.said();
    bench.data(1, "end", round_trip);
    bench.receiver.handle_saved(bench.now);
    bench.said();
    EXPECT_EQ(bench.receiver.deadline() - bench.now, dally);
    EXPECT_EQ(bench.data(1, "end"), "ack 1");  // and as long again
    EXPECT_EQ(bench.receiver.deadline() - bench.now, dally);
  }
}

TEST(Receiver, RepeatsTheAckOfTheLastBlockAlone) {
  Bench bench;
  bench.said();
  bench.data(1);
  bench.data(2);
  EXPECT_EQ(bench.data(2), "ack 2");
  EXPECT_EQ(bench.data(1), "");
  EXPECT_EQ(bench.data(9), "");  // nobody was asked for that
  EXPECT_EQ(bench.file.size(), 16u);
  EXPECT_EQ(bench.receiver.statistics().duplicates, 2u);
}

TEST(Receiver, AcknowledgesAWindowByItsLastBlock) {  // RFC 7440 §4
  Bench bench(4);
  bench.said();
  EXPECT_EQ(bench.blocks({1, 2, 3}), "");
  EXPECT_EQ(bench.data(4), "ack 4");
  EXPECT_EQ(bench.data(4), "ack 4");  // its ACK was lost
  EXPECT_EQ(bench.data(3), "");
}

TEST(Receiver, AsksForAGapAtOnceAndOnce) {  // RFC 7440 §4
  Bench bench(8);
  bench.said();
  EXPECT_EQ(bench.data(1), "");
  EXPECT_EQ(bench.data(3), "ack 1");
  EXPECT_EQ(bench.blocks({4, 5, 8}), "");
  EXPECT_EQ(bench.data(2), "");
  EXPECT_EQ(bench.data(4), "ack 2");  // another gap
  EXPECT_EQ(bench.receiver.statistics().gaps, 2u);
  EXPECT_EQ(bench.file.size(), 16u);
  EXPECT_EQ(bench.timeout(), "ack 2");
}

TEST(Receiver, FindsOutTheNumberAfter65535) {
  for (const std::uint16_t first : {std::uint16_t{0}, std::uint16_t{1}}) {
    Bench bench;
    bench.said();
    for (std::uint32_t block = 1; block <= 65535; ++block)
      bench.data(static_cast<std::uint16_t>(block));
    EXPECT_EQ(bench.data(65535), "ack 65535");
    EXPECT_EQ(bench.data(first), fmt::format("ack {}", first));
    EXPECT_EQ(bench.data(static_cast<std::uint16_t>(first + 1)), fmt::format("ack {}", first + 1));
    EXPECT_EQ(bench.file.size(), 65537u * 8);
  }
}

TEST(Receiver, ALostZeroIsNoRolloverToOne) {
  Bench bench(4);
  bench.said();
  for (std::uint32_t block = 1; block <= 65535; ++block)
    bench.data(static_cast<std::uint16_t>(block));
  EXPECT_EQ(bench.data(1), "ack 65535");
  EXPECT_EQ(bench.blocks({2, 3}), "");
  EXPECT_EQ(bench.data(0), "");
  EXPECT_EQ(bench.blocks({1, 2}), "");
  EXPECT_EQ(bench.data(3), "ack 3");
  EXPECT_EQ(bench.file.size(), 65539u * 8);
}

TEST(Receiver, ProgressStartsTheTriesAgain) {
  Bench bench(1, true, {.silence = 15ms});
  bench.said();
  for (std::uint16_t number = 1; number < 20; ++number) {
    bench.data(number);
    bench.timeout();
    EXPECT_EQ(bench.receiver.end(), End::none) << number;
  }
}

TEST(Receiver, GivesUpInWords) {
  Bench bench(1, true, {.silence = 1500ms});
  bench.said();
  bench.data(1);
  const Time heard = bench.now;
  int tries = 1;
  std::string said = bench.timeout();
  for (; said == "ack 1"; said = bench.timeout())
    ++tries;
  EXPECT_EQ(said, fmt::format("error: gave up waiting for block 2 after {} tries", tries));
  EXPECT_GE(tries, 2);
  EXPECT_EQ(bench.now - heard, 1500ms);  // the last wait is cut
  EXPECT_EQ(bench.receiver.end(), End::silent);
  EXPECT_TRUE(bench.receiver.gone());
}

TEST(Receiver, WhoDidNotProveItselfGetsOneAnswerPerRequest) {
  Receiver::Setup setup = Bench::setup(1, false, {});
  ASSERT_TRUE(write_option_ack(setup.option_ack, {{"blksize", "8"}}));
  Bench bench;
  bench.receiver = Receiver(setup, bench.now);
  EXPECT_EQ(bench.said(), "oack");
  EXPECT_EQ(bench.timeout(), "");
  bench.receiver.handle_request_again(bench.now);
  EXPECT_EQ(bench.said(), "oack");
  EXPECT_EQ(bench.data(1), "ack 1");
  bench.receiver.handle_request_again(bench.now);
  EXPECT_EQ(bench.said(), "");
  EXPECT_EQ(bench.timeout(), "ack 1");
}

TEST(Receiver, MeasuresTheRoundTripAlsoAfterARepeatedRequest) {
  Bench bench(1, false);
  bench.said();
  bench.receiver.handle_request_again(bench.now);
  bench.said();
  bench.data(1);
  EXPECT_EQ(bench.receiver.statistics().round_trip, std::nullopt);  // of which answer?
  bench.data(2, "12345678", 3ms);
  EXPECT_EQ(bench.receiver.statistics().round_trip, 3ms);
}

TEST(Receiver, RefusesABlockBeyondWhatWasAgreed) {
  Bench bench;
  bench.said();
  EXPECT_EQ(bench.data(1, "123456789"), "error: block 1 has 9 bytes, though 8 were agreed");
  EXPECT_EQ(bench.receiver.end(), End::broken);
  EXPECT_EQ(bench.file, "");
}

TEST(Receiver, AFaultOfThisSideIsSaid) {
  Bench bench;
  bench.said();
  bench.receiver.handle_fault(ErrorCode::disk_full, "no room", bench.now);
  EXPECT_EQ(bench.said(), "error: no room");
  EXPECT_EQ(bench.receiver.end(), End::stopped);
}

TEST(Receiver, IsSmall) {
  EXPECT_LE(sizeof(Receiver), 640u);
}

TEST(Receiver, AStrangersTransferEndsWithinOurPatienceWhateverItAskedFor) {
  Receiver::Setup setup;
  setup.terms.timeout = 255s;
  Receiver receiver(setup, Time{});
  Time now{};
  while (receiver.end() == End::none) {
    now = receiver.deadline();
    receiver.handle_timeout(now);
  }
  EXPECT_EQ(now - Time{}, Patience{}.silence);
}

}  // namespace
}  // namespace yam::proto::tftp
