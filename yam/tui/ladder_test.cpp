#include "yam/tui/ladder.hpp"

#include <string>

#include <gtest/gtest.h>

#include "yam/base/text.hpp"

namespace yam::tui {
namespace {

using What = LadderEvent::What;
using Actor = LadderEvent::Actor;

constexpr Time start = Time(std::chrono::seconds(1000));

LadderEvent event(int at_us, Actor from, What what, std::uint64_t bytes = 0, std::string detail = {}) {
  LadderEvent made;
  made.when = start + std::chrono::microseconds(at_us);
  made.from = from;
  made.what = what;
  made.bytes = bytes;
  made.detail = std::move(detail);
  return made;
}

TEST(LadderText, DrawsAConversation) {
  LadderText ladder({.columns = 73, .colour = false});
  LadderEvent connected = event(104, Actor::peer, What::connected);
  connected.path = PathState{std::chrono::microseconds(50), {}, 0, 0};
  LadderEvent bulk = event(300, Actor::peer, What::received, 786432);
  bulk.pieces = 12;
  bulk.piece_bytes = 65536;
  LadderEvent mixed = event(310, Actor::us, What::sent, 11);
  mixed.pieces = 2;
  LadderEvent ended = event(12345678, Actor::us, What::ended, 0, "both sides closed");
  ended.path = connected.path;
  ended.totals = LadderTotals{64, 786432};
  std::string text = ladder.head(start, "us", "127.0.0.1:7007");
  for (const LadderEvent& one : {
           event(21, Actor::us, What::connecting),
           connected,
           event(150, Actor::us, What::tls_ready, 0, "TLSv1.3 h2"),
           event(210, Actor::us, What::sent, 64),
           bulk,
           mixed,
           event(400, Actor::us, What::note, 0, "读\x1b[2J"),
           event(1450, Actor::peer, What::peer_half_closed),
           event(1451, Actor::us, What::timed_out),
           ended,
       }) {
    text += ladder.line(one);
  }
  EXPECT_EQ("\n" + text, R"(
      0.000 ms  us                          127.0.0.1:7007
      0.021 ms  │── connect ────────────────────────────▶│
      0.104 ms  │◀────────────────────────── connected ──│  rtt 0.05 ms
      0.150 ms  │   TLS ready TLSv1.3 h2                 │
      0.210 ms  │── 64 B ───────────────────────────────▶│
      0.300 ms  │◀────────────── 64 KiB × 12 = 768 KiB ──│
      0.310 ms  │── 11 B in 2 pieces ───────────────────▶│
      0.400 ms  │── 读\x1b[2J ──────────────────────────▶│
      1.450 ms  │◀───────────────────────── half-close ──│
      1.451 ms  │   timed out                            │
  12345.678 ms  ended: both sides closed · sent 64 B · received 768 KiB · rtt 0.05 ms · 0 retransmitted
)");
}

// Each rung is as wide as the others, whatever stands in it and however narrow the terminal is.
TEST(LadderText, KeepsItsWidth) {
  for (const std::size_t columns : {0U, 60U, 80U, 200U}) {
    LadderText ladder({.columns = columns, .colour = false});
    const auto width = [&](std::string detail, What what, Actor from) {
      std::string line = ladder.line(event(0, from, what, 0, std::move(detail)));
      line.pop_back();
      return display_width(line);
    };
    const std::size_t expected = width("", What::connecting, Actor::us);
    EXPECT_LE(expected, 120U);
    for (const What what : {What::note, What::failed, What::sent}) {
      for (const std::string& detail : {std::string(), std::string("x"), std::string(300, 'x'),
                                        std::string("接收完成接收完成接收完成接收完成接收完成接收完成"),
                                        std::string("\xff\xfe\n\r\x1b")}) {
        EXPECT_EQ(width(detail, what, Actor::us), expected) << detail;
        EXPECT_EQ(width(detail, what, Actor::peer), expected) << detail;
      }
    }
  }
}

TEST(LadderText, ColoursOnlyWhenAsked) {
  LadderText ladder({.columns = 80, .colour = true});
  EXPECT_NE(ladder.line(event(0, Actor::us, What::reset)).find("\x1b[31m"), std::string::npos);
  LadderText plain;
  EXPECT_EQ(plain.line(event(0, Actor::us, What::reset)).find('\x1b'), std::string::npos);
}

TEST(LadderText, NumbersConversations) {
  LadderText ladder;
  LadderEvent second = event(0, Actor::us, What::closed);
  second.conversation = 2;
  EXPECT_TRUE(ladder.line(second).starts_with("      0.000 ms  #2    │── close ─"));
}

}  // namespace
}  // namespace yam::tui
