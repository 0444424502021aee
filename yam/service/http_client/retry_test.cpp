#include "yam/service/http_client/retry.hpp"

#include <gtest/gtest.h>

#include "yam/service/http_client/pace.hpp"

namespace yam::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Retry, WaitsTwiceAsLongEachTime) {
  EXPECT_EQ(retry_wait(0, {}), milliseconds(500));
  EXPECT_EQ(retry_wait(1, {}), seconds(1));
  EXPECT_EQ(retry_wait(4, {}), seconds(8));
  EXPECT_EQ(retry_wait(7, {}), seconds(60));
  EXPECT_EQ(retry_wait(1000, {}), seconds(60));
  EXPECT_EQ(retry_wait(0, seconds(7)), seconds(7));
  EXPECT_EQ(retry_wait(5, seconds(7)), seconds(16));
}

TEST(Retry, KnowsWhatPasses) {
  EXPECT_TRUE(is_passing(503U));
  EXPECT_TRUE(is_passing(429U));
  EXPECT_FALSE(is_passing(404U));
  EXPECT_FALSE(is_passing(501U));
  EXPECT_TRUE(is_passing(Code::network));
  EXPECT_FALSE(is_passing(Code::local));
  EXPECT_FALSE(is_passing(Code::protocol));
}

TEST(Retry, ReadsWhatTheServerAsksFor) {
  const proto::http::Date now(seconds(784111777));  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(parse_retry_after("120", now), seconds(120));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), seconds(60));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now), seconds(0));
  EXPECT_EQ(parse_retry_after("9999999999999999999", now), seconds(365 * 86400));
  EXPECT_EQ(parse_retry_after("soon", now), std::nullopt);
  EXPECT_EQ(parse_retry_after("-1", now), std::nullopt);
}

TEST(Pace, LetsSoMuchGo) {
  Pace pace({100'000});
  EXPECT_EQ(pace.slice_bytes(), 10'000U);
  const Time start = Time(seconds(5));
  EXPECT_EQ(pace.spend(10'000, start), start + milliseconds(100));
  EXPECT_EQ(pace.spend(10'000, start), start + milliseconds(200));
  EXPECT_EQ(pace.spend(50'000, start + seconds(9)), start + milliseconds(9500));
  EXPECT_EQ(Pace({1}).slice_bytes(), 1024U);
}

}  // namespace
}  // namespace yam::service
