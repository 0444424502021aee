#include "yam/base/impairment.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace yam {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time start = Time(seconds(1000));

struct Arrival {
  Duration at;  // since start
  std::string text;

  bool operator==(const Arrival&) const = default;
};

// Sends "0", "1", … every `gap` and waits until the link is empty.
std::vector<Arrival> storm(DatagramImpairment& link, int count, Duration gap) {
  std::vector<Arrival> arrivals;
  const auto drain = [&](Time until) {
    while (link.next_due() <= until && link.next_due() != never) {
      const Time due = link.next_due();
      const auto datagram = link.poll_datagram(due);
      arrivals.push_back({due - start, string_of(datagram.value())});
    }
  };
  for (int i = 0; i < count; ++i) {
    const Time now = start + i * gap;
    drain(now);
    link.handle_datagram(bytes_of(std::to_string(i)), now);
  }
  drain(never - seconds(1));
  return arrivals;
}

ImpairmentPlan bad_plan() {
  ImpairmentPlan plan;
  plan.loss = 0.1;
  plan.copy = 0.1;
  plan.reorder = 0.1;
  plan.delay = milliseconds(50);
  plan.jitter = milliseconds(20);
  plan.seed = 7;
  return plan;
}

TEST(Random, GivesThePublishedNumbers) {
  Random random(1234567);  // the reference values of SplitMix64
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(DatagramImpairment, LeavesAGoodLinkAlone) {
  DatagramImpairment link{ImpairmentPlan{}};
  const std::vector<Arrival> expected = {
      {milliseconds(0), "0"}, {milliseconds(1), "1"}, {milliseconds(2), "2"}};
  EXPECT_EQ(storm(link, 3, milliseconds(1)), expected);
  link.handle_datagram({}, start);
  EXPECT_EQ(link.poll_datagram(start), Bytes());  // empty is a message too
  EXPECT_EQ(link.next_due(), never);
  EXPECT_EQ(link.counters().to_string(), "passed 4");
}

TEST(DatagramImpairment, RepeatsFromItsSeedAndLane) {
  DatagramImpairment one(bad_plan()), same(bad_plan()), other_lane(bad_plan(), 1);
  const auto arrivals = storm(one, 1000, milliseconds(1));
  EXPECT_EQ(arrivals, storm(same, 1000, milliseconds(1)));
  EXPECT_NE(arrivals, storm(other_lane, 1000, milliseconds(1)));
  // The same numbers on every platform: whoever changes these changes what printed seeds mean.
  EXPECT_EQ(one.counters().to_string(), "passed 1001, lost 93, copied 94, reordered 92");
}

TEST(DatagramImpairment, KeepsTheOtherFatesWhenOneChanges) {
  ImpairmentPlan plan = bad_plan();
  DatagramImpairment before(plan);
  plan.copy = 0;
  plan.delay = plan.jitter = Duration::zero();
  DatagramImpairment later(plan);
  const auto names = [](const std::vector<Arrival>& arrivals) {
    std::vector<std::string> texts;
    for (const auto& arrival : arrivals)
      texts.push_back(arrival.text);
    std::ranges::sort(texts);
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
  };
  EXPECT_EQ(names(storm(before, 500, milliseconds(1))), names(storm(later, 500, milliseconds(1))));
}

TEST(DatagramImpairment, DelaysWithinItsJitter) {
  ImpairmentPlan plan;
  plan.delay = milliseconds(50);
  plan.jitter = milliseconds(20);
  DatagramImpairment link(plan);
  Duration least = Duration::max(), most = Duration::zero();
  for (const Arrival& arrival : storm(link, 1000, Duration::zero())) {
    least = std::min(least, arrival.at);
    most = std::max(most, arrival.at);
  }
  EXPECT_GE(least, milliseconds(30));
  EXPECT_LT(least, milliseconds(31));
  EXPECT_LE(most, milliseconds(70));
  EXPECT_GT(most, milliseconds(69));
}

TEST(DatagramImpairment, LetsTheReorderedBeOvertaken) {
  ImpairmentPlan plan;
  plan.reorder = 1;
  DatagramImpairment late(plan);
  late.handle_datagram(bytes_of("a"), start);
  EXPECT_EQ(late.next_due(), start + reorder_hold);
  plan.reorder = 0.2;
  DatagramImpairment link(plan);
  const auto arrivals = storm(link, 100, milliseconds(1));
  EXPECT_EQ(arrivals.size(), 100U);
  EXPECT_FALSE(std::ranges::is_sorted(arrivals, {}, [](const Arrival& a) { return std::stoi(a.text); }));
}

TEST(DatagramImpairment, PassesNoFasterThanItsRate) {
  ImpairmentPlan plan;
  plan.rate = Rate{1000};
  DatagramImpairment link(plan);
  const Bytes hundred(100);
  for (int i = 0; i < 3; ++i)
    link.handle_datagram(hundred, start);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(link.next_due(), start + i * milliseconds(100));
    EXPECT_FALSE(link.poll_datagram(link.next_due() - Duration(1)));
    EXPECT_TRUE(link.poll_datagram(link.next_due()));
  }
}

TEST(DatagramImpairment, DropsWhatItsQueueCannotHold) {
  ImpairmentPlan plan;
  plan.delay = seconds(1);
  DatagramImpairment many(plan), large(plan);
  for (std::size_t i = 0; i < impaired_datagrams_max + 5; ++i)
    many.handle_datagram(bytes_of("x"), start);
  EXPECT_EQ(many.counters().overflowed, 5U);
  const Bytes block(65507);
  for (std::size_t i = 0; i < 70; ++i)
    large.handle_datagram(block, start);
  EXPECT_EQ(large.counters().overflowed, 70 - impaired_bytes_max / block.size());
}

TEST(DatagramImpairment, SwallowsEverythingBehindTheCut) {
  ImpairmentPlan plan;
  plan.cut_bytes = 10;
  DatagramImpairment link(plan);
  for (const auto* text : {"12345", "67890", "x", "y"})
    link.handle_datagram(bytes_of(text), start);
  EXPECT_EQ(link.counters().cut, 2U);
  EXPECT_EQ(string_of(link.poll_datagram(start).value()), "12345");
  EXPECT_EQ(string_of(link.poll_datagram(start).value()), "67890");
  EXPECT_FALSE(link.poll_datagram(start));
}

// All that comes out until the link is empty, and how it ended.
struct Drained {
  std::string text;
  std::vector<Duration> dues;
  std::optional<StreamImpairment::End> end;
};

Drained drain(StreamImpairment& link) {
  Drained out;
  while (link.next_due() != never) {
    const Time due = link.next_due();
    if (const auto bytes = link.poll_bytes(due)) {
      out.text += text_of(*bytes);
      out.dues.push_back(due - start);
    } else {
      out.end = link.poll_end(due);
      EXPECT_TRUE(out.end);
    }
  }
  return out;
}

TEST(StreamImpairment, KeepsOrderUnderJitter) {
  ImpairmentPlan plan = bad_plan();
  StreamImpairment link(plan);
  std::string sent;
  for (int i = 0; i < 500; ++i) {
    const std::string text = std::to_string(i) + " ";
    sent += text;
    EXPECT_EQ(link.handle_bytes(bytes_of(text), start + milliseconds(i)), text.size());
  }
  link.handle_end(start + seconds(1));
  const Drained out = drain(link);
  EXPECT_EQ(out.text, sent);
  EXPECT_TRUE(std::ranges::is_sorted(out.dues));
  EXPECT_EQ(out.end, StreamImpairment::End::clean);
  EXPECT_FALSE(link.poll_end(never - Duration(1)));  // said once
}

TEST(StreamImpairment, DripsAtItsRate) {
  ImpairmentPlan plan;
  plan.rate = Rate{100'000};
  plan.delay = milliseconds(5);
  StreamImpairment link(plan);
  EXPECT_EQ(link.handle_bytes(Bytes(10'000), start), 10'000U);
  const Drained out = drain(link);
  ASSERT_EQ(out.dues.size(), 10U);
  EXPECT_EQ(out.dues.front(), milliseconds(15));
  EXPECT_EQ(out.dues.back(), milliseconds(105));
}

TEST(StreamImpairment, CutsAtTheByte) {
  for (const bool reset : {false, true}) {
    ImpairmentPlan plan;
    plan.cut_bytes = 7;
    plan.reset = reset;
    StreamImpairment link(plan);
    EXPECT_EQ(link.handle_bytes(bytes_of("abcde"), start), 5U);
    EXPECT_EQ(link.handle_bytes(bytes_of("fghij"), start), 5U);
    EXPECT_EQ(link.handle_bytes(bytes_of("k"), start), 1U);
    link.handle_end(start);
    const Drained out = drain(link);
    EXPECT_EQ(out.text, "abcdefg");
    EXPECT_EQ(out.end, reset ? StreamImpairment::End::reset : StreamImpairment::End::cut);
    EXPECT_EQ(link.counters().to_string(), "passed 7, cut 4");
  }
}

TEST(StreamImpairment, TakesNoMoreThanItsRoom) {
  ImpairmentPlan plan;
  plan.delay = seconds(1);
  StreamImpairment link(plan), slow(plan);
  const Bytes much(impaired_stream_bytes_max + 9);
  EXPECT_EQ(link.handle_bytes(much, start), impaired_stream_bytes_max);
  EXPECT_EQ(link.room(), 0U);
  EXPECT_EQ(link.handle_bytes(much, start), 0U);
  const auto piece = link.poll_bytes(start + seconds(1));
  EXPECT_EQ(link.room(), piece.value().size());
  std::size_t singles = 0;
  while (singles <= impaired_pieces_max && slow.handle_bytes(bytes_of("x"), start) == 1)
    ++singles;
  EXPECT_EQ(singles, impaired_pieces_max);
}

TEST(StreamImpairment, DamagesTheSameBitsHoweverTheBytesCame) {
  ImpairmentPlan plan;
  plan.flip = 0.01;
  plan.seed = 3;
  StreamImpairment whole(plan), pieces(plan);
  const Bytes sent(5000);
  whole.handle_bytes(sent, start);
  for (std::size_t i = 0; i < sent.size(); i += 7)
    pieces.handle_bytes(ByteView(sent).subspan(i, std::min<std::size_t>(7, sent.size() - i)), start);
  const std::string damaged = drain(whole).text;
  EXPECT_EQ(damaged, drain(pieces).text);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count_if(damaged, [](char c) { return c != 0; })),
            whole.counters().flipped);
  EXPECT_NEAR(static_cast<double>(whole.counters().flipped), 5000 * 8 * 0.01, 80);
}

}  // namespace
}  // namespace yam
