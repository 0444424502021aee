#include "yam/service/http_send/send_tally.hpp"

#include <gtest/gtest.h>

namespace yam::service {

namespace {

constexpr IpAddress ann = IpAddress::v4(192, 0, 2, 1), bob = IpAddress::v4(192, 0, 2, 2);
constexpr SendTally::Version version{.inode = 7, .size = 100, .modified = 5};

// A file of 100 bytes and a folder of three.
class SendTallyTest : public testing::Test {
 protected:
  SendTally::Gain whole(const IpAddress& peer, std::size_t item, std::size_t file = 0) {
    return tally_.add(peer, item, file, version, 0, version.size);
  }
  SendTally::Gain piece(const IpAddress& peer, std::uint64_t first, std::uint64_t bytes) {
    return tally_.add(peer, 0, 0, version, first, bytes);
  }
  void whole_folder(const IpAddress& peer) {
    for (std::size_t file = 0; file < 3; ++file)
      whole(peer, 1, file);
  }

  SendTally tally_{{1, 3}};
};

TEST_F(SendTallyTest, EverythingIsEachFileOfEachItem) {
  auto gain = whole(ann, 0);
  EXPECT_TRUE(gain.file && gain.item && !gain.everything);
  gain = whole(ann, 1, 2);
  EXPECT_TRUE(gain.file && !gain.item);
  whole(ann, 1, 0);
  EXPECT_EQ(tally_.receivers(), 0U);
  gain = whole(ann, 1, 1);
  EXPECT_TRUE(gain.file && gain.item && gain.everything);
  EXPECT_EQ(tally_.receivers(), 1U);
}

TEST_F(SendTallyTest, TheSameFileAgainIsNoOther) {
  whole(ann, 1, 0);
  whole(ann, 1, 0);
  EXPECT_FALSE(whole(ann, 1, 0).item);
}

TEST_F(SendTallyTest, AnArchiveStandsForItsFiles) {
  whole(ann, 1, 0);  // a look at one of them besides
  EXPECT_TRUE(tally_.add_whole(ann, 1).item);
  EXPECT_TRUE(whole(ann, 0).everything);
}

TEST_F(SendTallyTest, PiecesOfTwoPeersMakeNoWhole) {
  piece(ann, 0, 50);
  EXPECT_FALSE(piece(bob, 50, 50).file);
  EXPECT_TRUE(piece(ann, 50, 50).file);
}

TEST_F(SendTallyTest, WhatWasCutAndGoesOnCountsOnce) {
  whole_folder(ann);
  piece(ann, 0, 60);
  EXPECT_TRUE(piece(ann, 40, 60).everything);
  EXPECT_EQ(tally_.receivers(), 1U);
}

TEST_F(SendTallyTest, TwoBehindOneAddressAreTwo) {
  for (int receiver = 1; receiver <= 2; ++receiver) {
    whole_folder(ann);
    EXPECT_TRUE(whole(ann, 0).everything);
  }
  EXPECT_EQ(tally_.receivers(), 2U);
}

TEST_F(SendTallyTest, TwoVersionsMakeNoWhole) {
  piece(ann, 0, 50);
  const SendTally::Version next{.inode = 8, .size = 100, .modified = 5};
  EXPECT_FALSE(tally_.add(ann, 0, 0, next, 50, 50).file);
  EXPECT_TRUE(tally_.add(ann, 0, 0, next, 0, 50).file);
}

TEST_F(SendTallyTest, KnowsWhatMayBeTheLast) {
  EXPECT_FALSE(tally_.may_end_with(ann, 0, 0));
  whole_folder(ann);
  EXPECT_TRUE(tally_.may_end_with(ann, 0, 0));
  whole(ann, 0);
  EXPECT_FALSE(tally_.may_end_with(ann, 0, 0)) << "of the second copy it is the first";
}

TEST_F(SendTallyTest, TakesInSoManyAndNoMore) {
  for (std::size_t i = 0; i < SendTally::peers_max; ++i) {
    const auto low = static_cast<std::uint8_t>(i), high = static_cast<std::uint8_t>(i >> 8);
    EXPECT_TRUE(tally_.take_in(IpAddress::v4(10, 0, high, low)));
  }
  EXPECT_FALSE(tally_.take_in(ann));
  EXPECT_TRUE(tally_.take_in(IpAddress::v4(10, 0, 0, 0)));
}

}  // namespace

}  // namespace yam::service
