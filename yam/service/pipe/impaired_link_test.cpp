#include "yam/service/pipe/impaired_link.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using std::chrono::milliseconds;

constexpr Time start = Time(std::chrono::hours(1));

std::unique_ptr<ImpairedLink> link_of(const char* plan, bool keeps_messages) {
  return ImpairedLink::open(ImpairmentPlan::parse(plan).value(), 0, keeps_messages);
}

// What comes out until nothing is in flight, with the virtual clock set to each due time; "|" for an end and
// "!" for a fault, behind which nobody reads.
std::string drain(ImpairedLink& link, std::size_t room, Time now = start) {
  std::string out;
  Bytes buffer(room);
  for (;;) {
    const auto attempt = link.poll_read(buffer, now);
    if (!attempt) {
      if (link.next_due() == never) return out;
      EXPECT_GT(link.next_due(), now);
      now = link.next_due();
      continue;
    }
    if (!*attempt) return out + "!" + attempt->error().what;
    if (**attempt == 0) return out + "|";
    out += text_of(ByteView(buffer).first(**attempt));
  }
}

TEST(ImpairedLink, GivesAStreamWholeHoweverItIsRead) {
  for (const std::size_t room : {1U, 3U, 100U}) {
    const auto link = link_of("delay=10ms,rate=1kB/s,seed=1", false);
    link->handle_piece(bytes_of("seven hills, "), start);
    link->handle_piece(bytes_of("one road"), start);
    link->handle_end(start);
    EXPECT_EQ(drain(*link, room), "seven hills, one road|") << room;
  }
}

TEST(ImpairedLink, HoldsBytesUntilTheyAreDue) {
  const auto link = link_of("delay=10ms,seed=1", false);
  Bytes buffer(10);
  link->handle_piece(bytes_of("late"), start);
  EXPECT_EQ(link->next_due(), start + milliseconds(10));
  EXPECT_FALSE(link->poll_read(buffer, start + milliseconds(9)).has_value());
  EXPECT_TRUE(link->poll_read(buffer, start + milliseconds(10)).has_value());
  EXPECT_EQ(link->next_due(), never);
}

TEST(ImpairedLink, IsDueWhileAPieceIsHalfRead) {
  const auto link = link_of("delay=10ms,seed=1", false);
  Bytes buffer(2);
  link->handle_piece(bytes_of("late"), start);
  const Time due = start + milliseconds(10);
  EXPECT_TRUE(link->poll_read(buffer, due).has_value());
  EXPECT_LE(link->next_due(), due);
}

TEST(ImpairedLink, EndsAStreamThatIsCut) {
  const struct {
    const char* plan;
    const char* wanted;
  } cases[] = {
      {"cut=4B,seed=1", "0123|"},
      {"cut=4B,reset,seed=1", "0123!reset after 4 B, as asked"},
      {"cut=0B,seed=1", "|"},
  };
  for (const auto& [plan, wanted] : cases) {
    for (const std::size_t piece : {1U, 3U, 10U}) {
      const auto link = link_of(plan, false);
      const std::string text = "0123456789";
      for (std::size_t at = 0; at < text.size(); at += piece)
        link->handle_piece(bytes_of(std::string_view(text).substr(at, piece)), start);
      EXPECT_EQ(drain(*link, 100), wanted) << plan << " in pieces of " << piece;
      EXPECT_EQ(drain(*link, 100), std::string(wanted).substr(std::string(wanted).find_first_of("|!")))
          << "the end is said as often as one asks";
    }
  }
}

TEST(ImpairedLink, MakesTheSourceOfAStreamWait) {
  const auto link = link_of("delay=1s,seed=1", false);
  Bytes much(impaired_stream_bytes_max);
  link->handle_piece(much, start);
  EXPECT_EQ(link->room(), 0U);
  Bytes buffer(much.size());
  EXPECT_TRUE(link->poll_read(buffer, start + std::chrono::seconds(1)).has_value());
  EXPECT_EQ(link->room(), much.size());
}

TEST(ImpairedLink, KeepsDatagramsApartAndEmptyOnesToo) {
  const auto link = link_of("delay=1ms,seed=1", true);
  for (const char* text : {"one", "", "three"})
    link->handle_piece(bytes_of(text), start);
  Bytes buffer(10);
  for (const std::size_t bytes : {3U, 0U, 5U}) {
    const auto attempt = link->poll_read(buffer, start + milliseconds(1));
    ASSERT_TRUE(attempt.has_value());
    EXPECT_EQ(attempt->value(), bytes);
  }
  EXPECT_FALSE(link->poll_read(buffer, start + milliseconds(1)).has_value());
}

TEST(ImpairedLink, SaysThatADatagramFoundNoRoom) {
  const auto link = link_of("delay=1ms,seed=1", true);
  link->handle_piece(bytes_of("four"), start);
  Bytes buffer(3);
  const auto attempt = link->poll_read(buffer, start + milliseconds(1));
  ASSERT_TRUE(attempt.has_value());
  EXPECT_EQ(attempt->error().what, "a datagram of 4 bytes found no room");
}

TEST(ImpairedLink, RepeatsTheFatesOfASeed) {
  const auto survivors = [](const char* plan) {
    const auto link = link_of(plan, true);
    for (char c = 'a'; c <= 'z'; ++c)
      link->handle_piece(bytes_of(std::string(1, c)), start);
    return drain(*link, 1);
  };
  const std::string first = survivors("loss=30%,seed=7");
  EXPECT_EQ(first, survivors("loss=30%,seed=7"));
  EXPECT_NE(first, survivors("loss=30%,seed=8"));
  EXPECT_LT(first.size(), 26U);
  EXPECT_GT(first.size(), 0U);
}

}  // namespace
}  // namespace yam::service
