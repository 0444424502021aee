// Whole transfers in bad weather, on a virtual clock. The bytes that arrived decide; every failure prints the
// seed that plays it again.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "yam/base/random.hpp"
#include "yam/proto/tftp/simulated_ends_test.hpp"

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;
using simulated::Case;
using simulated::Outcome;
using simulated::Temper;
using State = simulated::End::State;

template <class Value, std::size_t count>
Value pick(Random& random, const std::array<Value, count>& values) {
  return values[random.next() % count];
}

// Weather, options and size from a seed.
Case case_of(std::uint64_t seed) {
  Random random(seed * 7919 + 1);
  Case play;
  play.seed = seed;
  play.weather.loss = random.unit() * pick(random, std::array{0.0, 0.05, 0.3});
  play.weather.copy = pick(random, std::array{0.0, 0.1, 1.0});
  play.weather.reorder = pick(random, std::array{0.0, 0.0, 0.2});
  play.weather.flip = pick(random, std::array{0.0, 0.0, 1e-5});
  play.weather.delay = pick(random, std::array<Duration, 4>{0ms, 1ms, 20ms, 300ms});
  play.weather.jitter = play.weather.delay * (random.next() % 3) / 2;
  play.write = random.chance(0.5);
  if (random.chance(0.8)) {
    play.options.block_bytes = pick(random, std::array<std::uint16_t, 4>{8, 512, 1428, 1000});
    if (random.chance(0.7)) play.options.window = pick(random, std::array<std::uint16_t, 5>{1, 2, 4, 16, 64});
    if (random.chance(0.7)) play.options.size_bytes = 0;
    if (random.chance(0.1)) play.options.timeout_seconds = 1;
  }
  if (random.chance(0.3)) play.caps.window = 3;
  if (random.chance(0.3)) play.caps.block_bytes = 600;
  const std::size_t block = std::min(play.options.block_bytes.value_or(512), play.caps.block_bytes);
  play.size = pick(random, std::array<std::size_t, 8>{0, 1, block - 1, block, block + 1, 3 * block,
                                                      40 * block, 20 * block + 7});
  play.strangers = random.chance(0.3);
  play.forged = random.chance(0.3);
  if (random.chance(0.2)) play.mode = Mode::netascii;
  play.grows = random.chance(0.2);
  return play;
}

std::string seen(const Case& play, const Outcome& outcome) {
  return fmt::format("seed {}: {} of {} bytes, {}{}, {}, {}: client {}, server {}, {}", play.seed,
                     play.write ? "put" : "get", play.size, name_of(play.mode), play.grows ? ", grows" : "",
                     play.options.to_string(), play.weather.to_string(), static_cast<int>(outcome.client),
                     static_cast<int>(outcome.server), outcome.words);
}

// Where the seeds begin: `./dev fuzz sim` gives others.
std::uint64_t first_seed() {
  const char* given = std::getenv("YAM_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 0;
}

// What holds in any weather.
void expect_honest(const Case& play, const Outcome& outcome) {
  const State reader = play.write ? outcome.client : outcome.server;
  const State writer = play.write ? outcome.server : outcome.client;
  ASSERT_TRUE(outcome.in_time) << seen(play, outcome);
  ASSERT_NE(outcome.client, State::running) << seen(play, outcome);
  if (outcome.asked) {
    ASSERT_NE(outcome.server, State::running) << seen(play, outcome);
  }
  if (writer == State::done) {
    ASSERT_TRUE(outcome.right) << seen(play, outcome);
  }
  if (reader == State::done) {
    ASSERT_EQ(writer, State::done) << seen(play, outcome);
  }
  ASSERT_LE(outcome.answers, outcome.requests) << seen(play, outcome);
  ASSERT_LE(outcome.answered_bytes, 25 * outcome.request_bytes) << seen(play, outcome);
}

void expect_whole(const Case& play, const Outcome& outcome) {
  ASSERT_TRUE(outcome.client == State::done && outcome.server == State::done && outcome.right)
      << seen(play, outcome);
}

TEST(Simulation, AnyWeatherEndsInTheFileOrInWords) {
  int whole = 0;
  constexpr int runs = 2000;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const Case play = case_of(first_seed() + seed);
    const Outcome outcome = simulated::run(play);
    ASSERT_NO_FATAL_FAILURE(expect_honest(play, outcome));
    whole += outcome.client == State::done && outcome.server == State::done;
  }
  EXPECT_GT(whole, runs * 97 / 100);
}

TEST(Simulation, AQuietLinkFinishesAfterAnyStorm) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Case play = case_of(first_seed() + seed + 100'000);
    play.weather.loss = 0.3;
    play.heals = true;
    Outcome outcome = simulated::run(play);
    // The only answer that a client got may be all it wanted; when its only ACK is lost, nobody asks again.
    const bool unheard = outcome.words.ends_with("no ACK ever came");
    if (unheard && outcome.right && play.size < 512) outcome.server = State::done;
    ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
  }
}

// A loss in ten each way, a window of 64: a timer that is long because of one loss must not stay so.
TEST(Simulation, ABadLinkIsSlowButDoesNotStall) {
  Duration took{};
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Case play;
    play.seed = seed + 300;  // all of which agree on options
    play.weather.loss = 0.1;
    play.weather.delay = 1ms;
    play.write = seed % 2 == 1;
    play.options = {.block_bytes = 1428, .window = 64, .timeout_seconds = {}, .size_bytes = 0};
    play.size = 300'000;
    const Outcome outcome = simulated::run(play);
    ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
    ASSERT_LT(outcome.took, 5s) << seen(play, outcome);
    ASSERT_LT(outcome.writer_packets * 4, outcome.reader_packets) << seen(play, outcome);
    took += outcome.took;
  }
  EXPECT_LT(took, 40s);
}

// Blocks that overtake each other look like holes: the window goes out again, but not at each of them.
TEST(Simulation, JitterAloneBringsNoFlood) {
  std::uint64_t sent = 0, blocks = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Case play;
    play.seed = seed;
    play.weather.delay = 2ms;
    play.weather.jitter = 2ms;
    play.write = seed % 2 == 1;
    play.options = {.block_bytes = 1428, .window = 64, .timeout_seconds = {}, .size_bytes = 0};
    play.size = 300 * 1428;
    const Outcome outcome = simulated::run(play);
    ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
    sent += outcome.reader_packets;
    blocks += 301;
  }
  EXPECT_LE(sent, 8 * blocks);
}

TEST(Simulation, AGoodLinkBringsAWindowInEachRoundTripAndNothingTwice) {
  for (const std::uint16_t window : std::array<std::uint16_t, 4>{1, 3, 16, 64}) {
    for (const bool write : {false, true}) {
      Case play;
      play.weather.delay = 5ms;
      play.write = write;
      play.options.window = window;
      play.size = 200 * 512 + 1;
      const Outcome outcome = simulated::run(play);
      ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
      const int windows = 201 / window + 1;
      EXPECT_LE(outcome.took, (windows + 2) * 10ms) << seen(play, outcome);
      EXPECT_EQ(outcome.reader_packets, 202u) << seen(play, outcome);  // with the request, or its answer
      EXPECT_LE(outcome.writer_packets, static_cast<std::uint64_t>(windows) + 2) << seen(play, outcome);
    }
  }
}

// What the ends that know RFC 1350 alone can do.
Case old_case_of(std::uint64_t seed) {
  Case play = case_of(seed);
  play.mode = Mode::octet;
  play.size = std::min<std::size_t>(play.size, 12'000);
  play.weather.loss = std::min(play.weather.loss, 0.1);
  return play;
}

TEST(Simulation, OldPeersAreServedAndCalled) {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    Case play = old_case_of(seed + 200'000);
    (seed % 2 ? play.old_client : play.old_server) = true;
    const Outcome outcome = simulated::run(play);
    ASSERT_TRUE(outcome.in_time) << seen(play, outcome);
    const State writer = play.write ? outcome.server : outcome.client;
    if (writer == State::done) {
      ASSERT_TRUE(outcome.right) << seen(play, outcome);
    }
    ASSERT_EQ(writer, State::done) << seen(play, outcome);
  }
}

TEST(Simulation, ServersThatWantNoOptionsAreCalledWithout) {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    Case play = old_case_of(seed + 300'000);
    play.old_server = true;
    play.temper = seed % 2 ? Temper::refuses_options : Temper::ignores_requests_with_options;
    if (play.options.empty()) play.options.window = 4;
    constexpr std::array refusals{ErrorCode::option_refused, ErrorCode::option_refused,
                                  ErrorCode::illegal_operation, ErrorCode::undefined};
    play.refusal = refusals.at(seed / 2 % 4);
    // Nobody can tell the copy of another refusal from the answer to the second request.
    if (play.refusal != ErrorCode::option_refused) play.weather.copy = 0;
    const Outcome outcome = simulated::run(play);
    ASSERT_TRUE(outcome.in_time) << seen(play, outcome);
    ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
  }
}

// The client has given up its request with options when that is answered.
TEST(Simulation, AServerThatIsFarAwayIsUnderstood) {
  for (const Duration delay : {Duration(1800ms), Duration(2s), Duration(2500ms), Duration(3s)}) {
    for (unsigned bits = 0; bits < 8; ++bits) {
      Case play;
      play.seed = bits;
      play.weather.delay = delay;
      play.write = (bits & 1U) != 0;
      play.forks = (bits & 2U) != 0;
      if ((bits & 4U) != 0) play.mode = Mode::netascii;
      play.options = {.block_bytes = 1428, .window = 4, .timeout_seconds = {}, .size_bytes = 0};
      play.size = 7000;
      ASSERT_NO_FATAL_FAILURE(expect_whole(play, simulated::run(play)));
    }
  }
}

// What comes behind the hole shows it, so that nobody's timer need run out (RFC 7440 §4).
TEST(Simulation, AHoleInAWindowCostsARoundTrip) {
  for (const bool write : {false, true}) {
    Case play;
    play.weather.delay = 50ms;
    play.write = write;
    play.options.window = 8;
    play.size = 40 * 512 - 1;
    const Outcome whole = simulated::run(play);
    for (std::uint64_t block = 9; block < 16; ++block) {
      play.lost_block = block;
      const Outcome outcome = simulated::run(play);
      ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
      EXPECT_LE(outcome.took, whole.took + 110ms) << block << ' ' << seen(play, outcome);
    }
  }
}

TEST(Simulation, NumbersRollOver) {
  for (const std::uint16_t window : std::array<std::uint16_t, 2>{1, 8}) {
    for (const auto rollover : {Rollover::to_zero, Rollover::to_one}) {
      Case play;
      play.seed = window;
      play.weather.loss = window == 1 ? 0.0 : 0.002;
      play.write = rollover == Rollover::to_one;
      play.rollover = rollover;
      play.options.block_bytes = 8;
      play.options.window = window;
      play.size = 65'540 * 8;
      ASSERT_NO_FATAL_FAILURE(expect_whole(play, simulated::run(play)));
    }
  }
}

TEST(Simulation, CopiesBringNoSorcerersApprentice) {  // RFC 1123 §4.2.3.1
  for (const std::uint16_t window : std::array<std::uint16_t, 3>{1, 4, 64}) {
    Case play;
    play.weather.copy = 1;
    play.weather.delay = 1ms;
    play.options.window = window;
    play.size = 1000 * 512;
    const Outcome outcome = simulated::run(play);
    ASSERT_NO_FATAL_FAILURE(expect_whole(play, outcome));
    EXPECT_LE(outcome.reader_packets, window == 1 ? 1010u : 2010u) << window;
  }
}

}  // namespace
}  // namespace yam::proto::tftp
