#include "yam/service/http_send/byte_counts.hpp"

#include <gtest/gtest.h>

namespace yam::service {

namespace {

TEST(ByteCounts, IsWholeOnceEveryByteWentOut) {
  ByteCounts counts(100);
  EXPECT_FALSE(counts.take_whole());
  counts.add(0, 60);
  counts.add(61, 39);
  EXPECT_FALSE(counts.take_whole()) << "byte 60 is missing";
  counts.add(60, 1);
  EXPECT_TRUE(counts.take_whole());
  EXPECT_FALSE(counts.take_whole()) << "each was taken off";
}

TEST(ByteCounts, CountsPiecesInAnyOrderAndOverlapping) {
  ByteCounts counts(100);
  counts.add(50, 50);
  counts.add(0, 70);
  EXPECT_TRUE(counts.take_whole());
  counts.add(0, 50);  // 50 to 69 went out twice, 70 to 99 once
  EXPECT_FALSE(counts.take_whole());
  counts.add(70, 30);
  EXPECT_TRUE(counts.take_whole());
}

TEST(ByteCounts, TwoWholesAreTwo) {
  ByteCounts counts(10);
  counts.add(0, 10);
  counts.add(0, 5);
  counts.add(5, 5);
  EXPECT_TRUE(counts.take_whole());
  EXPECT_TRUE(counts.take_whole());
  EXPECT_FALSE(counts.take_whole());
}

TEST(ByteCounts, AnEmptyFileGoesOutToo) {
  ByteCounts counts(0);
  EXPECT_FALSE(counts.take_whole());
  counts.add(0, 0);
  EXPECT_TRUE(counts.take_whole());
}

TEST(ByteCounts, PiecesOfAnotherFileAreNotCounted) {
  ByteCounts counts(10);
  counts.add(0, 11);
  counts.add(11, 1);
  counts.add(5, ~std::uint64_t{0});
  counts.add(3, 0);
  EXPECT_FALSE(counts.take_whole());
}

TEST(ByteCounts, ADownloadInSmallPiecesNeedsNoSpanForEach) {
  constexpr std::uint64_t pieces = 10 * ByteCounts::spans_max;
  ByteCounts counts(2 * pieces);
  for (std::uint64_t i = 0; i < pieces; ++i)
    counts.add(2 * i, 2);
  EXPECT_TRUE(counts.take_whole());
}

TEST(ByteCounts, WhatIsCutUpTooFinelyIsNotCounted) {
  constexpr std::uint64_t pieces = 10 * ByteCounts::spans_max;
  ByteCounts counts(2 * pieces);
  for (std::uint64_t i = 0; i < pieces; ++i)
    counts.add(2 * i, 1);
  for (std::uint64_t i = 0; i < pieces; ++i)
    counts.add(2 * i + 1, 1);
  EXPECT_FALSE(counts.take_whole());
}

}  // namespace

}  // namespace yam::service
