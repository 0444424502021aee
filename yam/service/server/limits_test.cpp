#include "yam/service/server/limits.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using namespace std::chrono_literals;

TEST(Limits, EveryRowIsTheDefault) {
  for (const LimitRow& row : limit_rows()) {
    if (row.name == "max-per-address") continue;  // set, it counts peers on this machine as well
    ServeLimits limits;
    ASSERT_TRUE(set_limit(limits, row.name, row.default_value)) << row.name;
    EXPECT_EQ(limits, ServeLimits()) << row.name;
  }
  ServeLimits limits;
  ASSERT_TRUE(set_limit(limits, "max-per-address", "256"));
  EXPECT_EQ(limits.max_per_address, max_per_address_default);
}

TEST(Limits, RefusesWhatIsNoLimit) {
  struct Case {
    const char* name;
    const char* value;
    const char* what;
  };
  const Case cases[] = {
      {"max-connections", "0", R"("0" is not a number from 1 to 1000000)"},
      {"max-connections", "1000001", R"("1000001" is not a number from 1 to 1000000)"},
      {"max-connections", "-1", R"("-1" is not a number from 1 to 1000000)"},
      {"max-files", "x", R"("x" is not a number from 1 to 1000000)"},
      {"max-files", "5 ", R"("5 " is not a number from 1 to 1000000)"},
      {"max-per-address", "", R"("" is not a number from 1 to 1000000)"},
      {"idle", "0s", "an idle limit of 0 would allow nothing"},
  };
  for (const Case& each : cases) {
    ServeLimits limits;
    EXPECT_EQ(set_limit(limits, each.name, each.value), fail(Code::usage, each.what)) << each.value;
    EXPECT_EQ(limits, ServeLimits());
  }
  for (const auto& [name, value] :
       {std::pair("idle", "soon"), std::pair("max-bytes", "-1"), std::pair("min-rate", "0B/s")}) {
    ServeLimits limits;
    EXPECT_FALSE(set_limit(limits, name, value)) << name;
    EXPECT_EQ(limits, ServeLimits());
  }
}

TEST(Limits, AFileGetsAnIdleLimitAndWhatTheRateGivesIt) {
  ServeLimits limits;
  limits.idle = 5min;
  limits.min_rate = Rate{1000};
  struct Case {
    std::uint64_t bytes;
    Duration time;
  };
  const Case cases[] = {
      {0, 5min},
      {999, 5min},
      {1000, 5min + 1s},
      {6'000'000, 5min + 6000s},
      {size_bytes_max, 5min + duration_max},
      {std::numeric_limits<std::uint64_t>::max(), 5min + duration_max},
  };
  for (const Case& each : cases)
    EXPECT_EQ(transfer_time(limits, each.bytes), each.time) << each.bytes;
}

}  // namespace
}  // namespace yam::service
