#include "yam/base/impairment_plan.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam {
namespace {

TEST(ImpairmentPlan, ReadsAndPrints) {
  struct Row {
    std::string_view text;
    std::string_view printed;
  };
  const Row table[] = {
      {"loss=2%,delay=50ms±20ms,copy=1%,reorder=5%,rate=1MB/s,flip=1e-6,cut=64KiB,seed=7",
       "loss=0.02,delay=50ms±20ms,copy=0.01,reorder=0.05,rate=1MB/s,flip=1e-06,cut=64KiB,seed=7"},
      {"seed=18446744073709551615,delay=50ms+-20ms", "delay=50ms±20ms,seed=18446744073709551615"},
      {"reset,cut=0", "cut=0B,reset"},
      {"copy=0%,delay=0s", "loss=0"},
      {"delay=50ms±50ms", "delay=50ms±50ms"},
      {"delay=1234567ns,cut=1234567,rate=1234567B/s", ""},
  };
  for (const Row& row : table) {
    const auto plan = ImpairmentPlan::parse(row.text);
    ASSERT_TRUE(plan) << row.text << " -> " << plan.error().what;
    if (!row.printed.empty()) {
      EXPECT_EQ(plan->to_string(), row.printed);
    }
    EXPECT_EQ(ImpairmentPlan::parse(plan->to_string()), plan) << plan->to_string();
  }
  const auto plan = ImpairmentPlan::parse(table[0].text).value();
  EXPECT_EQ(plan.loss, 0.02);
  EXPECT_EQ(plan.delay, std::chrono::milliseconds(50));
  EXPECT_EQ(plan.jitter, std::chrono::milliseconds(20));
  EXPECT_EQ(plan.rate, Rate{1'000'000});
  EXPECT_EQ(plan.cut_bytes, 65536U);
  EXPECT_EQ(plan.seed, 7U);
  EXPECT_TRUE(plan.only_for_datagrams());
  EXPECT_FALSE(ImpairmentPlan::parse("delay=1s")->only_for_datagrams());
}

TEST(ImpairmentPlan, Refuses) {
  struct Row {
    std::string_view text;
    std::string_view what;
    std::string_view hint;
  };
  const Row table[] = {
      {"", "nothing is written at column 1", ""},
      {"los=2%", "los=2%: no impairment \"los\" at column 1", "did you mean \"loss\"?"},
      {"jam=2%", "jam=2%: no impairment \"jam\" at column 1",
       "known are loss, delay, copy, reorder, rate, flip, cut, reset, seed"},
      {"loss=2%,", "loss=2%,: an impairment without a name at column 9", ""},
      {"loss=2%,loss=3%", "loss=2%,loss=3%: \"loss\" stands twice at column 9", ""},
      {"loss", "loss: \"loss\" needs a value at column 5", ""},
      {"cut=1,reset=1", "cut=1,reset=1: \"reset\" takes no value at column 13", ""},
      {"reset", "reset: \"reset\" needs a cut at column 1", "cut=64KiB,reset"},
      {"delay=10ms±20ms", "delay=10ms±20ms: a delay cannot vary by more than itself at column 12", ""},
      {"seed=-1", "seed=-1: \"-1\" is no seed at column 6",
       "a seed is a number from 0 to 18446744073709551615"},
      {"seed=7x", "seed=7x: \"7x\" is no seed at column 6",
       "a seed is a number from 0 to 18446744073709551615"},
  };
  for (const Row& row : table) {
    const auto plan = ImpairmentPlan::parse(row.text);
    ASSERT_FALSE(plan) << row.text;
    EXPECT_EQ(plan.error().code, Code::usage);
    EXPECT_EQ(plan.error().what, row.what);
    EXPECT_EQ(plan.error().hint, row.hint) << row.text;
  }
  for (const std::string_view text : {"loss=x", "delay=x", "delay=1s±", "rate=1", "cut=x", "flip=2x"}) {
    const auto plan = ImpairmentPlan::parse(text);
    ASSERT_FALSE(plan) << text;
    EXPECT_NE(plan.error().what.find(" at column "), std::string::npos) << plan.error().what;
  }
}

}  // namespace
}  // namespace yam
