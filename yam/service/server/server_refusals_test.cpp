#include "yam/service/server/server_refusals.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using namespace std::chrono_literals;

TEST(Refusals, TheFirstIsToldAtOnceAndTheRestOnceASecond) {
  Refusals refusals;
  const Time begin{5s};
  EXPECT_EQ(refusals.note(begin), 1U);
  EXPECT_EQ(refusals.note(begin), 0U);
  EXPECT_EQ(refusals.note(begin + 999ms), 0U);
  EXPECT_EQ(refusals.note(begin + 1s), 3U);
  EXPECT_EQ(refusals.note(begin + 1999ms), 0U);
  EXPECT_EQ(refusals.note(begin + 1h), 2U);
}

}  // namespace
}  // namespace yam::service
