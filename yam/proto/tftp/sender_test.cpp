#include "yam/proto/tftp/sender.hpp"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;

// A sender of 512-byte blocks and a clock; what it sends reads as "3-6" (DATA), "3-6 again 2", "oack" or
// "error: words".
struct Bench {
  explicit Bench(std::uint64_t bytes, std::uint16_t window = 1, bool proved = true, Patience patience = {})
      : sender(setup(window, proved, patience), now) {
    sender.handle_source(bytes, true, now);
  }

  static Sender::Setup setup(std::uint16_t window, bool proved, Patience patience) {
    Sender::Setup made;
    made.terms.window = window;
    made.proved = proved;
    made.patience = patience;
    return made;
  }

  std::string said() {
    std::string line;
    while (const auto out = sender.poll_output(now)) {
      if (!line.empty()) line += ", ";
      if (const auto* burst = std::get_if<Burst>(&*out)) {
        line += fmt::format("{}-{}", burst->first, burst->first + burst->blocks - 1);
        if (burst->again) line += fmt::format(" again {}", burst->again);
      } else {
        const Packet packet = decode(std::get<ByteView>(*out)).value();
        const auto* error = std::get_if<ErrorPacket>(&packet);
        line += error ? fmt::format("error: {}", error->text) : "oack";
      }
    }
    return line;
  }

  std::string ack(std::uint16_t number, Duration later = 1ms) {
    now = after(now, later);
    Bytes packet;
    write_ack(packet, number);
    sender.handle_packet(packet, now);
    return said();
  }

  std::string timeout() {
    now = sender.deadline();
    sender.handle_timeout(now);
    return said();
  }

  Time now{};
  Sender sender;
};

TEST(Sender, SendsBlockByBlock) {  // RFC 1350 §2
  Bench bench(1000);
  EXPECT_EQ(bench.said(), "1-1");
  EXPECT_EQ(bench.sender.range(1), (BlockRange{0, 512}));
  EXPECT_EQ(bench.ack(1), "2-2");
  EXPECT_EQ(bench.sender.range(2), (BlockRange{512, 488}));
  EXPECT_EQ(bench.sender.end(), End::none);
  EXPECT_EQ(bench.ack(2), "");
  EXPECT_EQ(bench.sender.end(), End::done);
  EXPECT_EQ(bench.sender.statistics().bytes, 1000u);
  EXPECT_EQ(bench.sender.deadline(), never);
}

TEST(Sender, EndsInAShortBlock) {  // RFC 1350 §6
  const struct {
    std::uint64_t bytes, blocks;
  } cases[] = {{0, 1}, {1, 1}, {511, 1}, {512, 2}, {513, 2}, {1024, 3}};
  for (const auto& [bytes, blocks] : cases) {
    Bench bench(bytes, 8);
    EXPECT_EQ(bench.said(), fmt::format("1-{}", blocks)) << bytes;
    EXPECT_EQ(bench.sender.range(blocks).bytes, bytes % 512);
    bench.ack(static_cast<std::uint16_t>(blocks));
    EXPECT_EQ(bench.sender.end(), End::done);
  }
}

TEST(Sender, AnAckThatCameBeforeSendsNothing) {  // RFC 1123 §4.2.3.1
  Bench bench(5000);
  bench.said();
  EXPECT_EQ(bench.ack(1), "2-2");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(bench.ack(1), "");
  EXPECT_EQ(bench.ack(0), "");
  EXPECT_EQ(bench.ack(7), "");  // never sent
  EXPECT_EQ(bench.sender.statistics().duplicates, 5u);
  EXPECT_EQ(bench.sender.statistics().ignored, 2u);
  EXPECT_EQ(bench.timeout(), "2-2 again 1");
  EXPECT_EQ(bench.ack(2), "3-3");
}

TEST(Sender, GoesBackToAGapInAWindow) {  // RFC 7440 §4
  Bench bench(512 * 100, 4);
  EXPECT_EQ(bench.said(), "1-4");
  EXPECT_EQ(bench.ack(4), "5-8");
  EXPECT_EQ(bench.ack(5), "6-9 again 3");  // 6 is missing
  EXPECT_EQ(bench.ack(9), "10-13");
  EXPECT_EQ(bench.ack(9), "10-13 again 4");  // 10 is missing
  EXPECT_EQ(bench.ack(9), "");               // but only once
  EXPECT_EQ(bench.sender.statistics().retransmissions, 7u);
  EXPECT_EQ(bench.sender.statistics().gaps, 2u);
  EXPECT_EQ(bench.ack(9, 20ms), "10-11 again 2");  // but for a timeout: it was lost again
}

TEST(Sender, LossesShrinkTheBurstAndItGrowsBack) {
  Bench bench(512 * 100'000, 64);
  EXPECT_EQ(bench.said(), "1-64");
  EXPECT_EQ(bench.ack(10), "11-74 again 54");    // one loss is chance
  EXPECT_EQ(bench.ack(20), "21-52 again 32");    // two in a row
  EXPECT_EQ(bench.timeout(), "53-84 again 22");  // the rest of the window, after a gap
  EXPECT_EQ(bench.ack(30), "31-46 again 16");
  EXPECT_EQ(bench.ack(40), "41-48 again 8");
  EXPECT_EQ(bench.ack(42), "43-50 again 8");  // an eighth of the window, no less
  EXPECT_EQ(bench.sender.statistics().gaps, 5u);

  int end = 106;
  for (int burst = 8; burst < 64; burst += 8, end += 64) {
    for (int sent = burst; sent < 64; sent += burst)
      bench.timeout();
    const std::string whole = fmt::format("{}-{}", end + 1, end + burst + 8);
    EXPECT_EQ(bench.ack(static_cast<std::uint16_t>(end)), whole);
  }
  EXPECT_EQ(bench.sender.statistics().timeouts, 0u);
}

TEST(Sender, WhatIsSentAgainIsNotMeasured) {  // RFC 6298 §3
  Bench bench(512 * 10);
  bench.said();
  EXPECT_EQ(bench.timeout(), "1-1 again 1");
  bench.ack(1, 100ms);
  EXPECT_EQ(bench.sender.statistics().round_trip, std::nullopt);
  bench.ack(2, 3ms);
  EXPECT_EQ(bench.sender.statistics().round_trip, 3ms);
}

TEST(Sender, GivesUpInWords) {
  Bench bench(512 * 1000);
  bench.said();
  for (std::uint16_t block = 1; block < 812; ++block)
    bench.ack(block);
  const Time heard = bench.now;
  for (int i = 0; i < 9; ++i)  // 10 ms, 20 ms, … 2.56 s
    EXPECT_EQ(bench.timeout(), "812-812 again 1");
  EXPECT_EQ(bench.timeout(), "error: gave up at block 812 after 10 tries");
  EXPECT_EQ(bench.now - heard, Patience{}.silence);  // the last wait is cut
  EXPECT_EQ(bench.sender.end(), End::silent);
  EXPECT_EQ(bench.sender.error().what, "gave up at block 812 after 10 tries");
  EXPECT_EQ(bench.sender.deadline(), never);
}

TEST(Sender, ProgressStartsTheTriesAgain) {
  Bench bench(512 * 1000, 1, true, {.silence = 100ms});
  bench.said();
  bench.ack(1);
  for (std::uint16_t block = 2; block < 50; ++block) {
    bench.timeout();
    bench.timeout();
    bench.ack(block);
  }
  EXPECT_EQ(bench.sender.end(), End::none);
}

TEST(Sender, SilenceBeginsWithAQuestion) {
  Bench bench(0);
  Sender pipe(Bench::setup(1, true, {}), bench.now);
  pipe.handle_source(512, false, bench.now);
  while (pipe.poll_output(bench.now)) {
  }
  Bytes ack;
  write_ack(ack, 1);
  pipe.handle_packet(ack, bench.now + 1ms);
  const Time later = bench.now + 1h;  // the pipe had nothing
  pipe.handle_source(1024, false, later);
  while (pipe.poll_output(later)) {
  }
  EXPECT_EQ(pipe.deadline(), later + timeout_floor);
}

TEST(Sender, WhoIsSilentAfterAWindowGetsItsLastBlockAlone) {
  Bench bench(512 * 1000, 16);
  EXPECT_EQ(bench.said(), "1-16");
  EXPECT_EQ(bench.ack(16), "17-32");
  EXPECT_EQ(bench.timeout(), "17-24 again 8");  // smaller bursts after a loss
  EXPECT_EQ(bench.timeout(), "25-32 again 8");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(bench.timeout(), "32-32 again 1");
  EXPECT_EQ(bench.ack(16), "17-18 again 2");  // nothing of it came
  Bench late(512 * 1000, 16);
  late.said();
  late.ack(16);
  for (int i = 0; i < 3; ++i)
    late.timeout();
  EXPECT_EQ(late.ack(32).substr(0, 3), "33-");  // all of it came, its ACK did not
}

TEST(Sender, NewsOfAHoleWithinARoundTripOfTheLastIsOld) {
  Bench bench(512 * 1000, 16);
  bench.said();
  EXPECT_EQ(bench.ack(16, 8ms), "17-32");
  EXPECT_EQ(bench.ack(20, 8ms), "21-36 again 12");
  EXPECT_EQ(bench.ack(22), "37-38");  // they had changed places
  EXPECT_EQ(bench.ack(25), "39-41");
  EXPECT_EQ(bench.ack(27, 8ms), "28-35 again 8");
  EXPECT_EQ(bench.sender.statistics().retransmissions, 20u);
}

TEST(Sender, WhatWasAgreedIsTheLongestWaitOfAPeerThatIsThere) {  // RFC 2349
  Sender::Setup setup;
  setup.terms.timeout = 255s;
  const Time began{};
  Sender stranger(setup, began);
  stranger.handle_source(5000, true, began);
  while (stranger.poll_output(began)) {
  }
  Time now = began;
  while (stranger.end() == End::none) {
    now = stranger.deadline();
    stranger.handle_timeout(now);
  }
  EXPECT_EQ(now - began, Patience{}.silence);

  setup.proved = true;
  Sender sender(setup, began);
  sender.handle_source(5000, true, began);
  while (sender.poll_output(began)) {
  }
  EXPECT_EQ(sender.deadline(), began + silence_max);  // nothing is measured yet
  Bytes ack;
  write_ack(ack, 1);
  sender.handle_packet(ack, began + 1ms);
  while (sender.poll_output(began + 1ms)) {
  }
  EXPECT_EQ(sender.deadline(), began + 1ms + timeout_floor);
}

TEST(Sender, WhoDidNotProveItselfGetsOneAnswerPerRequest) {
  Bench bench(5000, 1, false);
  EXPECT_EQ(bench.said(), "1-1");
  EXPECT_EQ(bench.timeout(), "");
  bench.sender.handle_request_again(bench.now);
  EXPECT_EQ(bench.said(), "1-1 again 1");
  while (bench.sender.end() == End::none)
    EXPECT_EQ(bench.timeout(), "");
  EXPECT_EQ(bench.sender.error().what, "no ACK ever came");
  EXPECT_EQ(bench.sender.statistics().requests, 2u);
}

TEST(Sender, WaitsForTheAckOfItsOack) {  // RFC 2347
  Sender::Setup setup = Bench::setup(4, false, {});
  ASSERT_TRUE(write_option_ack(setup.option_ack, {{"windowsize", "4"}}));
  Bench bench(0);
  bench.sender = Sender(setup, bench.now);
  bench.sender.handle_source(5000, true, bench.now);
  EXPECT_EQ(bench.said(), "oack");
  EXPECT_EQ(bench.ack(1), "");
  EXPECT_EQ(bench.timeout(), "");
  bench.sender.handle_request_again(bench.now);
  EXPECT_EQ(bench.said(), "oack");
  EXPECT_EQ(bench.ack(0), "1-4");
  EXPECT_TRUE(bench.sender.proved());
}

TEST(Sender, ASourceOfUnknownLengthIsSentAsItGrows) {
  Bench bench(0, 4);
  bench.sender = Sender(Bench::setup(4, true, {}), bench.now);
  EXPECT_EQ(bench.said(), "");
  bench.sender.handle_source(511, false, bench.now);
  EXPECT_EQ(bench.said(), "");
  bench.sender.handle_source(1024, false, bench.now);
  EXPECT_EQ(bench.said(), "1-2");
  EXPECT_EQ(bench.ack(2), "");
  EXPECT_EQ(bench.sender.source_kept_from(), 1024u);
  EXPECT_EQ(bench.sender.source_wanted_to(), 6u * 512);
  bench.sender.handle_source(1024, true, bench.now);
  EXPECT_EQ(bench.said(), "3-3");
  EXPECT_EQ(bench.sender.range(3), (BlockRange{1024, 0}));
  bench.ack(3);
  EXPECT_EQ(bench.sender.end(), End::done);
}

TEST(Sender, AFaultOfEitherSideEndsIt) {
  Bench ours(5000);
  ours.said();
  ours.sender.handle_fault(ErrorCode::undefined, "the file shrank", ours.now);
  EXPECT_EQ(ours.said(), "error: the file shrank");
  EXPECT_EQ(ours.sender.end(), End::stopped);

  Bench theirs(5000);
  theirs.said();
  Bytes packet;
  write_error(packet, ErrorCode::option_refused, "only the size");
  theirs.sender.handle_packet(packet, theirs.now);
  EXPECT_EQ(theirs.said(), "");
  EXPECT_EQ(theirs.sender.end(), End::peer_error);
  EXPECT_EQ(theirs.sender.statistics().peer_error, 8);
  EXPECT_EQ(theirs.sender.error().what, "the peer ended it: \"only the size\" (error 8: option refused)");
}

TEST(Sender, IsSmall) {
  EXPECT_LE(sizeof(Sender), 640u);
}

}  // namespace
}  // namespace yam::proto::tftp
