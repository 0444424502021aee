#include "yam/proto/tftp/requester.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;

// What it says reads as "options", "plain" or "error: words".
struct Bench {
  explicit Bench(bool write = false, Options options = {1428, 8, {}, 0})
      : requester(Requester::make({write, "name", Mode::octet, options}, now).value()) {}

  std::string said() {
    const auto out = requester.poll_packet(now);
    if (!out) return "";
    const Packet packet = decode(out->packet).value();
    if (const auto* error = std::get_if<ErrorPacket>(&packet)) {
      EXPECT_FALSE(out->to_request);
      return "error: " + std::string(error->text);
    }
    EXPECT_TRUE(out->to_request);
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
  const auto header = data_header(1);
  EXPECT_EQ(get.hear(Bytes(header.begin(), header.end())), "");
  ASSERT_TRUE(get.requester.agreed());
  EXPECT_EQ(get.requester.agreed()->by, Agreement::By::data);
  EXPECT_EQ(get.requester.agreed()->terms, Terms());

  Bench put(true);
  put.said();
  Bytes ack;
  write_ack(ack, 0);
  EXPECT_EQ(get.hear(ack), "");
  put.hear(ack);
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
    const auto header = data_header(1);
    bench.hear(Bytes(header.begin(), header.end()));
    EXPECT_TRUE(bench.requester.agreed());
  }
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
  EXPECT_EQ(all, "options options options plain plain plain ");
  EXPECT_EQ(bench.requester.end(), End::silent);
  EXPECT_EQ(bench.requester.error().what, "no answer to 6 requests for \"name\"");
  EXPECT_LE(bench.now - Time{}, 20s);
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
