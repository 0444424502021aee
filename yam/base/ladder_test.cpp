#include "yam/base/ladder.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace yam {
namespace {

using What = LadderEvent::What;
using Actor = LadderEvent::Actor;
using std::chrono::milliseconds;

constexpr Time start = Time(std::chrono::seconds(1000));

LadderEvent event(What what, std::uint64_t bytes = 0, int at_ms = 0, std::uint32_t conversation = 1) {
  LadderEvent made;
  made.when = start + milliseconds(at_ms);
  made.conversation = conversation;
  made.from = what == What::received || what == What::peer_half_closed ? Actor::peer : Actor::us;
  made.what = what;
  made.bytes = bytes;
  return made;
}

std::vector<LadderEvent> drain(Ladder& ladder, Time now = start) {
  std::vector<LadderEvent> out;
  while (auto one = ladder.poll_event(now))
    out.push_back(std::move(*one));
  return out;
}

TEST(Ladder, MergesARunOfOneDirection) {
  Ladder ladder;
  for (int i = 0; i < 12; ++i)
    ladder.handle_event(event(What::sent, 65536, i));
  EXPECT_TRUE(drain(ladder).empty());
  ladder.handle_event(event(What::received, 5, 20));
  ladder.handle_event(event(What::received, 6, 21));
  ladder.handle_event(event(What::peer_half_closed, 0, 22));
  const auto rungs = drain(ladder);
  ASSERT_EQ(rungs.size(), 3U);
  EXPECT_EQ(rungs[0].bytes, 12U * 65536);
  EXPECT_EQ(rungs[0].pieces, 12U);
  EXPECT_EQ(rungs[0].piece_bytes, 65536U);
  EXPECT_EQ(rungs[0].when, start);
  EXPECT_EQ(rungs[1].bytes, 11U);
  EXPECT_EQ(rungs[1].piece_bytes, 0U);
  EXPECT_EQ(rungs[2].what, What::peer_half_closed);
}

TEST(Ladder, WaitsNoLongerThanARunMayLast) {
  Ladder ladder;
  EXPECT_EQ(ladder.next_due(), never);
  ladder.handle_event(event(What::sent, 1));
  EXPECT_EQ(ladder.next_due(), start + ladder_run_max);
  EXPECT_TRUE(drain(ladder, start + ladder_run_max - Duration(1)).empty());
  EXPECT_EQ(drain(ladder, start + ladder_run_max).size(), 1U);
  ladder.handle_event(event(What::sent, 1, 0));
  ladder.handle_event(event(What::sent, 1, 250));  // a new run, though nobody polled
  EXPECT_EQ(drain(ladder, start).size(), 1U);
}

TEST(Ladder, KeepsConversationsAndDetailsApart) {
  Ladder ladder;
  ladder.handle_event(event(What::sent, 1, 0, 1));
  ladder.handle_event(event(What::sent, 1, 0, 2));
  ladder.handle_event(event(What::sent, 1, 1, 1));
  LadderEvent block = event(What::sent, 512, 2, 1);
  block.detail = "DATA 1";
  ladder.handle_event(block);
  ladder.handle_event(event(What::sent, 1, 3, 1));
  const auto rungs = drain(ladder, start + ladder_run_max * 2);
  ASSERT_EQ(rungs.size(), 4U);
  EXPECT_EQ(rungs[0].pieces, 2U);
  EXPECT_EQ(rungs[1].detail, "DATA 1");
}

TEST(Ladder, EndsWithTotals) {
  Ladder ladder;
  ladder.handle_event(event(What::connected));
  ladder.handle_event(event(What::sent, 1536));
  ladder.handle_event(event(What::received, 64));
  PathState path;
  path.round_trip = std::chrono::microseconds(50);
  ladder.handle_end(1, start, "both sides closed", path);
  ladder.handle_end(1, start, "again");  // forgotten by then
  const auto rungs = drain(ladder);
  ASSERT_EQ(rungs.size(), 4U);
  EXPECT_EQ(rungs[3].what, What::ended);
  EXPECT_EQ(rungs[3].detail, "both sides closed");
  EXPECT_EQ(rungs[3].totals, (LadderTotals{1536, 64}));
  EXPECT_EQ(rungs[3].path, path);
}

TEST(Ladder, CountsWhatItCannotHold) {
  Ladder ladder;
  for (std::size_t i = 0; i < ladder_events_max + 3; ++i)
    ladder.handle_event(event(What::note));
  EXPECT_EQ(ladder.left_out(), 3U);
  EXPECT_EQ(drain(ladder).size(), ladder_events_max);
  LadderEvent wordy = event(What::note);
  wordy.detail = std::string(ladder_detail_bytes_max + 1, 'x');
  ladder.handle_event(wordy);
  EXPECT_EQ(drain(ladder).front().detail.size(), ladder_detail_bytes_max);
}

}  // namespace
}  // namespace yam
