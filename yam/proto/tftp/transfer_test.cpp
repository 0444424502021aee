#include "yam/proto/tftp/transfer.hpp"

#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

TEST(BlockNumber, RollsOverAsTheSenderChose) {
  const struct {
    std::uint64_t block;
    std::uint16_t to_zero, to_one;
  } cases[] = {{0, 0, 0},     {1, 1, 1},     {65534, 65534, 65534},  {65535, 65535, 65535},
               {65536, 0, 1}, {65537, 1, 2}, {131070, 65534, 65535}, {131071, 65535, 1},
               {131072, 0, 2}};
  for (const auto& [block, to_zero, to_one] : cases) {
    EXPECT_EQ(wire_number(block, Rollover::to_zero), to_zero) << block;
    EXPECT_EQ(wire_number(block, Rollover::to_one), to_one) << block;
  }
}

TEST(BlockNumber, StandsForTheNearestBlock) {
  for (const auto rollover : {Rollover::to_zero, Rollover::to_one}) {
    for (const std::uint64_t block : {0, 1, 70, 65530, 65535, 65536, 65537, 131070, 131071, 131073}) {
      for (const std::int32_t ahead : {-300, -64, -2, -1, 0, 1, 2, 64, 300, 32767}) {
        const auto other = static_cast<std::int64_t>(block) + ahead;
        if (other < 0 || (other == 0 && block > 32767)) continue;
        const auto number = wire_number(static_cast<std::uint64_t>(other), rollover);
        EXPECT_EQ(blocks_ahead(block, number, rollover), ahead) << block;
      }
    }
  }
  EXPECT_FALSE(blocks_ahead(70000, 0, Rollover::to_one));
  EXPECT_FALSE(blocks_ahead(5, 65535, Rollover::to_zero));
}

TEST(Patience, LastsAsLongAsThePeerAskedFor) {
  using namespace std::chrono_literals;
  const Patience patience;
  EXPECT_EQ(patience.silence_with(std::nullopt), 10s);
  EXPECT_EQ(patience.silence_with(1s), 10s);
  EXPECT_EQ(patience.silence_with(6s), 36s);
  EXPECT_EQ(patience.silence_with(255s), silence_max);
}

}  // namespace
}  // namespace yam::proto::tftp
