#include "yam/service/server/folder_quota.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using namespace std::chrono_literals;
const Time start{};

TEST(FolderQuota, SharesTheRoomAmongUploads) {
  FolderQuota quota;
  quota.handle_count({60, 0}, {0, 0}, start, start);
  auto first = quota.admit({30, 1}, {.bytes = 100});  // 90 of 100
  ASSERT_TRUE(first);
  EXPECT_FALSE(quota.admit({11, 1}, {.bytes = 100}));
  auto second = quota.admit({0, 1}, {.bytes = 100});  // which does not say how much will come
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->grow_to(10));
  EXPECT_FALSE(second->grow_to(11));
  EXPECT_FALSE(quota.admit({0, 1}, {.bytes = 100}));  // full
  EXPECT_TRUE(first->grow_to(20));                    // promised already
  second.reset();                                     // broke off
  EXPECT_TRUE(first->grow_to(40));
  EXPECT_FALSE(first->grow_to(41));
  first->keep(35);
  first.reset();
  EXPECT_TRUE(quota.admit({5, 1}, {.bytes = 100}));  // given back at once
  EXPECT_FALSE(quota.admit({6, 1}, {.bytes = 100}));
  EXPECT_TRUE(quota.admit({6, 1}, {.bytes = 101}));  // the limit of now
  EXPECT_FALSE(quota.admit({UINT64_MAX, 1}, {.bytes = 100}));
}

TEST(FolderQuota, CountsAgainWhenThatIsCheap) {
  FolderQuota quota;
  EXPECT_FALSE(quota.is_counted());
  EXPECT_TRUE(quota.begin_count(start));
  EXPECT_FALSE(quota.begin_count(start));  // one at a time
  quota.handle_count({0, 0}, {0, 0}, start, start + 1ms);
  EXPECT_TRUE(quota.is_counted());
  EXPECT_FALSE(quota.begin_count(start + 1000ms));
  EXPECT_TRUE(quota.begin_count(start + 1001ms));
  quota.handle_count_failed();
  EXPECT_TRUE(quota.begin_count(start + 1001ms));
  quota.handle_count({0, 0}, {0, 0}, start, start + 1000ms);
  EXPECT_FALSE(quota.begin_count(start + 50'999ms));
  EXPECT_TRUE(quota.begin_count(start + 51'000ms));
  quota.handle_count({0, 0}, {0, 0}, start, start + 1000ms);
  EXPECT_FALSE(quota.begin_count(start + 5999ms, true));
  EXPECT_TRUE(quota.begin_count(start + 6000ms, true));
}

TEST(FolderQuota, WhatComesWhileItCountsIsNotLost) {
  FolderQuota quota;
  quota.handle_count({0, 0}, {0, 0}, start, start);
  quota.admit({10, 1}, {.bytes = 100})->keep(10);
  const store::Held before = quota.begin_count(start + 10s).value();
  EXPECT_EQ(before, (store::Held{10, 1}));
  quota.admit({20, 1}, {.bytes = 100})->keep(20);  // after the walk has passed its place
  quota.handle_count({10, 0}, before, start, start);
  EXPECT_EQ(quota.begin_count(start + 10s), (store::Held{20, 1}));
  EXPECT_TRUE(quota.admit({70, 1}, {.bytes = 100}));
  EXPECT_FALSE(quota.admit({71, 1}, {.bytes = 100}));
}

TEST(FolderQuota, CountsFilesToo) {
  FolderQuota quota;
  const QuotaLimit limit{.files = 3};
  quota.handle_count({1000, 1}, {}, start, start);
  auto first = quota.admit({10, 1}, limit), second = quota.admit({10, 1}, limit);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(quota.admit({0, 1}, limit));
  EXPECT_TRUE(quota.admit({1000, 0}, limit));  // goes on with one that counts already
  first.reset();
  second->keep(10);
  EXPECT_TRUE(quota.admit({0, 1}, limit));
  EXPECT_FALSE(quota.admit({0, 2}, limit));
}

TEST(FolderQuota, WhatHasComeIsNotSetAsideAnyMore) {
  FolderQuota quota;
  quota.handle_count({0, 0}, {0, 0}, start, start);
  auto share = quota.admit({60, 1}, {.bytes = 100});
  EXPECT_TRUE(share->keep_more(50));
  const store::Held before = quota.begin_count(start + 10s).value();
  quota.handle_count({50, 1}, before, start, start);  // in the folder by now
  EXPECT_TRUE(quota.admit({40, 1}, {.bytes = 100}));
  EXPECT_FALSE(quota.admit({41, 1}, {.bytes = 100}));
  EXPECT_TRUE(share->keep_more(10));
  EXPECT_FALSE(share->keep_more(41));  // more than was promised, and than there is
  EXPECT_TRUE(share->keep_more(40));
  share.reset();
  EXPECT_FALSE(quota.admit({1, 1}, {.bytes = 101 - 1}));
}

}  // namespace
}  // namespace yam::service
