#include "yam/proto/tftp/round_trip.hpp"

#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;

TEST(RoundTrip, FollowsTheSamples) {  // RFC 6298 §2
  RoundTrip trip;
  EXPECT_EQ(trip.timeout(), timeout_first);
  EXPECT_FALSE(trip.smoothed());
  trip.handle_sample(100ms);
  EXPECT_EQ(trip.smoothed(), 100ms);
  EXPECT_EQ(trip.timeout(), 300ms);  // R + 4 · R/2
  trip.handle_sample(100ms);
  EXPECT_EQ(trip.timeout(), 250ms);
  trip.handle_sample(180ms);
  EXPECT_EQ(trip.smoothed(), 110ms);
}

TEST(RoundTrip, HasAFloorAndACap) {
  RoundTrip trip;
  trip.handle_sample(1us);
  EXPECT_EQ(trip.timeout(), timeout_floor);
  trip.handle_sample(1min);
  EXPECT_EQ(trip.timeout(), timeout_cap);
  trip.handle_sample(-1s);
  EXPECT_LE(trip.timeout(), timeout_cap);
}

TEST(RoundTrip, BacksOffUntilTheNextSample) {  // RFC 6298 §5.5
  RoundTrip trip;
  trip.handle_sample(1ms);
  for (const auto expected : {20ms, 40ms, 80ms, 160ms}) {
    trip.handle_timeout();
    EXPECT_EQ(trip.timeout(), expected);
  }
  for (int i = 0; i < 100; ++i)
    trip.handle_timeout();
  EXPECT_EQ(trip.timeout(), timeout_cap);
  trip.handle_sample(1ms);
  EXPECT_EQ(trip.timeout(), timeout_floor);
}

TEST(RoundTrip, ProgressEndsABackOffWhenItFitsWhatIsKnown) {
  RoundTrip trip;
  for (int i = 0; i < 3; ++i)
    trip.handle_timeout();
  trip.handle_progress(600ms);  // slower than was expected: perhaps the answer to what was sent before
  EXPECT_EQ(trip.timeout(), 4s);
  trip.handle_progress(2ms);
  EXPECT_EQ(trip.timeout(), 1s);  // nothing is measured yet
  trip.handle_sample(1ms);
  for (int i = 0; i < 3; ++i)
    trip.handle_timeout();
  trip.handle_progress(11ms);
  EXPECT_EQ(trip.timeout(), 80ms);
  trip.handle_progress(2ms);
  EXPECT_EQ(trip.timeout(), timeout_floor);
}

TEST(RoundTrip, WhatWasAgreedIsTheLongest) {  // RFC 2349
  RoundTrip trip(3s);
  EXPECT_EQ(trip.timeout(), 3s);
  trip.handle_timeout();
  EXPECT_EQ(trip.timeout(), 3s);
  trip.handle_sample(1ms);
  EXPECT_EQ(trip.timeout(), timeout_floor);
  for (int i = 0; i < 100; ++i)
    trip.handle_timeout();
  EXPECT_EQ(trip.timeout(), 3s);
  RoundTrip slow(30s);
  slow.handle_sample(10s);
  EXPECT_EQ(slow.timeout(), 30s);
}

}  // namespace
}  // namespace yam::proto::tftp
