#include "yam/service/tftp_server/tftp_quota.hpp"

#include <gtest/gtest.h>

#include "yam/service/tftp_server/tftp_counters.hpp"

namespace yam::service {
namespace {

using namespace std::chrono_literals;
const Time start{};

TEST(TftpQuota, SharesTheRoomAmongUploads) {
  TftpQuota quota;
  quota.handle_count(60, 0, start, start);
  auto first = quota.admit(30, 100);  // 90 of 100
  ASSERT_TRUE(first);
  EXPECT_FALSE(quota.admit(11, 100));
  auto second = quota.admit(0, 100);  // which does not say how much will come
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->grow_to(10));
  EXPECT_FALSE(second->grow_to(11));
  EXPECT_FALSE(quota.admit(0, 100));  // full
  EXPECT_TRUE(first->grow_to(20));    // promised already
  second.reset();                     // broke off
  EXPECT_TRUE(first->grow_to(40));
  EXPECT_FALSE(first->grow_to(41));
  first->keep(35);
  first.reset();
  EXPECT_TRUE(quota.admit(5, 100));  // given back at once
  EXPECT_FALSE(quota.admit(6, 100));
  EXPECT_TRUE(quota.admit(6, 101));  // the limit of now
  EXPECT_FALSE(quota.admit(UINT64_MAX, 100));
}

TEST(TftpQuota, CountsAgainWhenThatIsCheap) {
  TftpQuota quota;
  EXPECT_TRUE(quota.is_count_due(start));
  quota.handle_count(0, 0, start, start + 1ms);
  EXPECT_FALSE(quota.is_count_due(start + 1000ms));
  EXPECT_TRUE(quota.is_count_due(start + 1001ms));
  quota.handle_count(0, 0, start, start + 100ms);
  EXPECT_FALSE(quota.is_count_due(start + 5099ms));
  EXPECT_TRUE(quota.is_count_due(start + 5100ms));
}

TEST(TftpQuota, WhatComesWhileItCountsIsNotLost) {
  TftpQuota quota;
  quota.handle_count(0, 0, start, start);
  quota.admit(10, 100)->keep(10);
  const std::uint64_t before = quota.kept_since_count();
  EXPECT_EQ(before, 10u);
  quota.admit(20, 100)->keep(20);  // after the walk has passed its place
  quota.handle_count(10, before, start, start);
  EXPECT_EQ(quota.kept_since_count(), 20u);
  EXPECT_TRUE(quota.admit(70, 100));
  EXPECT_FALSE(quota.admit(71, 100));
}

TEST(TftpCounters, CountEachEndOnce) {
  TftpCounters counters;
  using Kind = ServerEvent::Kind;
  for (const Kind kind : {Kind::sent, Kind::not_sent, Kind::probed, Kind::received, Kind::not_received}) {
    ServerEvent event;
    event.kind = kind;
    event.bytes = 10;
    event.retransmissions = 2;
    counters.count_request();
    counters.count_end(event);
  }
  counters.count_refusal();
  TftpCounts expected;
  expected.requests = 5;
  expected.sent = expected.not_sent = expected.probed = expected.received = expected.not_received = 1;
  expected.refused = 1;
  expected.bytes_sent = 30;
  expected.bytes_received = 20;
  expected.retransmissions = 10;
  EXPECT_EQ(counters.now(), expected);
}

}  // namespace
}  // namespace yam::service
