#include "yam/proto/tftp/requester.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;

// What it says reads as "options", "plain" or "error: words".
struct Bench {
  explicit Bench(bool write = false, Options options = {1428, 8, {}, 0}, Duration silence = 10s)
      : requester(Requester::make({write, "name", Mode::octet, options}, now, {.silence = silence}).value()) {
  }

  std::string said() {
    const auto out = requester.poll_packet(now);
    if (!out) return "";
    const Packet packet = decode(*out).value();
    if (const auto* error = std::get_if<ErrorPacket>(&packet)) return "error: " + std::string(error->text);
    return std::get<Request>(packet).options.empty() ? "plain" : "options";
  }

  std::string hear(const Bytes& packet) {
    now += 5ms;
    requester.handle_packet(packet, now);
    return said();
  }
  std::string hear_error(ErrorCode code) {
    Bytes packet;
    write_error(packet, code, "no");
    return hear(packet);
  }
  std::string hear_data(std::size_t bytes) {
    const auto header = data_header(1);
    Bytes packet(header.begin(), header.end());
    packet.resize(packet.size() + bytes);
    return hear(packet);
  }
  std::string hear_ack() {
    Bytes packet;
    write_ack(packet, 0);
    return hear(packet);
  }
  std::string hear_options(const OptionTexts& options) {
    Bytes packet;
    EXPECT_TRUE(write_option_ack(packet, options));
    return hear(packet);
  }

  std::string wait() {
    now = requester.deadline();
    requester.handle_timeout(now);
    return said();
  }

  // After three requests with options that met silence.
  void fall_back() {
    EXPECT_EQ(said(), "options");
    for (unsigned i = 1; i < option_tries_max; ++i)
      EXPECT_EQ(wait(), "options");
    EXPECT_EQ(wait(), "plain");
  }

  Time now{};
  Requester requester;
};

TEST(Requester, TakesWhatTheServerGrants) {  // RFC 2347
  Bench bench;
  EXPECT_EQ(bench.said(), "options");
  EXPECT_EQ(bench.hear_options({{"blksize", "1024"}, {"tsize", "99"}}), "");
  ASSERT_TRUE(bench.requester.agreed());
  EXPECT_EQ(bench.requester.agreed()->by, Agreement::By::option_ack);
  EXPECT_EQ(bench.requester.agreed()->terms.block_bytes, 1024);
  EXPECT_EQ(bench.requester.agreed()->terms.window, 1);
  EXPECT_EQ(bench.requester.agreed()->terms.size_bytes, 99u);
  EXPECT_EQ(bench.requester.agreed()->round_trip, 5ms);
  EXPECT_EQ(bench.requester.deadline(), never);
}

TEST(Requester, TakesAnswersThatIgnoreOptions) {
  Bench get;
  get.said();
  EXPECT_EQ(get.hear_data(0), "");
  ASSERT_TRUE(get.requester.agreed());
  EXPECT_EQ(get.requester.agreed()->by, Agreement::By::data);
  EXPECT_EQ(get.requester.agreed()->terms, Terms());

  Bench put(true);
  put.said();
  EXPECT_EQ(get.hear_ack(), "");
  put.hear_ack();
  ASSERT_TRUE(put.requester.agreed());
  EXPECT_EQ(put.requester.agreed()->by, Agreement::By::ack);
}

TEST(Requester, FallsBackWhereOptionsAreRefused) {
  for (const auto code : {ErrorCode::option_refused, ErrorCode::undefined, ErrorCode::illegal_operation}) {
    Bench bench;
    bench.said();
    EXPECT_EQ(bench.hear_error(code), "plain");
    EXPECT_TRUE(bench.requester.fell_back());
    EXPECT_EQ(bench.requester.end(), End::none);
    if (code == ErrorCode::option_refused) continue;
    EXPECT_EQ(bench.hear_error(code), "");
    EXPECT_EQ(bench.requester.end(), End::peer_error);
  }
  Bench bench;
  bench.said();
  bench.hear_error(ErrorCode::not_found);
  EXPECT_EQ(bench.requester.error().code, Code::refused);
  EXPECT_EQ(bench.requester.error().what,
            "the server does not give \"name\": \"no\" (error 1: file not found)");
}

// The server was slow: each of two requests with options is refused.
TEST(Requester, ALateRefusalOfOptionsIsNoAnswerToThePlainRequest) {
  for (const auto code : {ErrorCode::option_refused, ErrorCode::undefined}) {
    Bench bench;
    EXPECT_EQ(bench.said(), "options");
    EXPECT_EQ(bench.wait(), "options");
    EXPECT_EQ(bench.hear_error(code), "plain");
    EXPECT_EQ(bench.hear_error(code), "");
    EXPECT_EQ(bench.requester.end(), End::none);
    bench.hear_data(0);
    EXPECT_TRUE(bench.requester.agreed());
  }
}

// As above, of a server that said nothing until the client had fallen back.
TEST(Requester, ARefusalOfEachRequestWithOptionsMayComeLate) {
  Bench bench;
  bench.fall_back();
  for (unsigned i = 0; i < option_tries_max; ++i)
    bench.hear_error(ErrorCode::undefined);
  EXPECT_EQ(bench.requester.end(), End::none);
  bench.hear_error(ErrorCode::undefined);
  EXPECT_EQ(bench.requester.end(), End::peer_error);
}

// A server that was stalled, or is far away, grants options, and then begins anew for the plain request.
TEST(Requester, AnOackIsNoAnswerToThePlainRequest) {
  for (const bool write : {false, true}) {
    Bench bench(write);
    bench.fall_back();
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(bench.hear_options({{"blksize", "1428"}, {"windowsize", "8"}}), "");
    EXPECT_EQ(bench.hear_options({{"blksize", "9000"}}), "");
    EXPECT_FALSE(bench.requester.agreed());
    EXPECT_EQ(bench.requester.end(), End::none);
    write ? bench.hear_ack() : bench.hear_data(512);
    ASSERT_TRUE(bench.requester.agreed());
    EXPECT_EQ(bench.requester.agreed()->terms, Terms());
    EXPECT_FALSE(bench.requester.agreed()->round_trip);
  }
  Bench refused;
  refused.said();
  refused.hear_error(ErrorCode::option_refused);
  refused.hear_options({{"tsize", "9"}});
  EXPECT_FALSE(refused.requester.agreed());
}

TEST(Requester, ABlockThatIsTooLongIsNoAnswerToThePlainRequest) {
  Bench bench;
  bench.fall_back();
  bench.hear_data(513);
  EXPECT_FALSE(bench.requester.agreed());
  bench.hear_data(512);
  EXPECT_TRUE(bench.requester.agreed());
}

TEST(Requester, AServerThatRefusesOptionsWhereNoneAreIsTakenAtItsWordInTheEnd) {
  Bench bench;
  bench.said();
  while (bench.requester.end() == End::none) {
    bench.hear_error(ErrorCode::option_refused);
    bench.wait();
  }
  EXPECT_EQ(bench.requester.end(), End::peer_error);
  EXPECT_EQ(bench.requester.error().what,
            "the server does not give \"name\": \"no\" (error 8: option refused)");

  Bench plain(false, {});
  plain.said();
  plain.hear_error(ErrorCode::option_refused);
  EXPECT_EQ(plain.requester.end(), End::peer_error);
}

TEST(Requester, FallsBackWhereOptionsMeetSilence) {
  Bench bench;
  std::string all = bench.said();
  while (bench.requester.end() == End::none) {
    all += " " + bench.wait();
  }
  EXPECT_EQ(all, "options options options plain plain plain plain ");
  EXPECT_EQ(bench.requester.end(), End::silent);
  EXPECT_EQ(bench.requester.error().what, "no answer to 7 requests for \"name\"");
}

TEST(Requester, EndsWhenTheSilenceIsOver) {
  for (const Duration silence : {Duration(0s), Duration(100ms), Duration(1s), Duration(3s), Duration(10s)}) {
    for (const bool options : {false, true}) {
      Bench bench(false, options ? Options{1428, 8, {}, 0} : Options(), silence);
      bench.said();
      while (bench.requester.end() == End::none)
        bench.wait();
      EXPECT_EQ(bench.requester.end(), End::silent);
      EXPECT_EQ(bench.now - Time{}, silence);
    }
  }
}

TEST(Requester, RefusesAnOackThatWasNotAsked) {  // RFC 2347
  Bench bench;
  bench.said();
  EXPECT_EQ(bench.hear_options({{"blksize", "9000"}}),
            "error: option blksize of \"9000\" is not within the 1428 that was asked for");
  EXPECT_EQ(bench.requester.end(), End::broken);
  Bench plain(false, {});
  EXPECT_EQ(plain.said(), "plain");
  EXPECT_EQ(plain.hear_options({{"tsize", "1"}}),
            "error: option tsize of \"1\" was not asked for (RFC 2347)");
}

TEST(Requester, ARequestThatDoesNotFitIsRefused) {
  const auto made = Requester::make({false, std::string(600, 'n'), Mode::octet, {}}, Time{});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::usage);
}

}  // namespace
}  // namespace yam::proto::tftp
