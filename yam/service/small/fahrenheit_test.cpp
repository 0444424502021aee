#include "yam/service/small/fahrenheit.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

// The expected texts were written by Python: str(round(float(text) * 1.8 + 32, 2)).
TEST(Fahrenheit, AnswersAsPythonDoes) {
  struct Case {
    std::string text;
    std::string degrees;
  };
  const Case cases[] = {
      {"37", "98.6"},
      {"100", "212.0"},
      {"36.6", "97.88"},
      {"0", "32.0"},
      {"-40", "-40.0"},
      {"1e300", "1.8e+300"},
      {"1e-300", "32.0"},
      {"-17.77777777777778", "0.0"},
      {"1e16", "1.8000000000000032e+16"},
      {"5555555555555555", "1.0000000000000032e+16"},
      {"1e15", "1800000000000032.0"},
      {"12345678901234567", "2.2222222022222256e+16"},
      {"0.005", "32.01"},
      {"2.675", "36.81"},
      {"-0.0", "32.0"},
      {"inf", "inf"},
      {"-Infinity", "-inf"},
      {"nan", "nan"},
      {"1_000", "1832.0"},
      {" 37\n", "98.6"},
      {"+5", "41.0"},
      {".5", "32.9"},
      {"5.", "41.0"},
      {"1e999", "inf"},
      {"1e-999", "32.0"},
      {"-17.7777", "0.0"},
      {"-17.77", "0.01"},
      {"1e17", "1.8000000000000003e+17"},
      {"123456789.125", "222222252.43"},
      {"0.125", "32.23"},
      {"-17.8", "-0.04"},
      {"4.4e15", "7920000000000032.0"},
      {"1E2", "212.0"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(fahrenheit_answer(each.text), std::string(fahrenheit_prefix) + each.degrees) << each.text;
}

TEST(Fahrenheit, WritesFloatsAsPythonDoes) {
  struct Case {
    double value;
    std::string text;
  };
  const Case cases[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {0.1, "0.1"},
      {123456.789, "123456.789"},
      {1e+16, "1e+16"},
      {1000000000000000.0, "1000000000000000.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {0.0001, "0.0001"},
      {1e-05, "1e-05"},
      {1.5e-07, "1.5e-07"},
      {5e-324, "5e-324"},
      {1.7976931348623157e+308, "1.7976931348623157e+308"},
      {-2.5, "-2.5"},
      {1e+22, "1e+22"},
      {1.2345678901234568e+17, "1.2345678901234568e+17"},
      {0.00012345, "0.00012345"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(python_float(each.value), each.text);
}

TEST(Fahrenheit, AnswersWordsToWhatIsNoNumber) {
  const std::string texts[] = {
      "",
      " ",
      "abc",
      "37x",
      "3 7",
      "--5",
      "+-5",
      "0x10",
      "1__0",
      "_1",
      "1_",
      "1_.5",
      "e5",
      ".",
      "1e",
      "nan(1)",
      "infin",
      "三十七",
      "37,5",
      std::string("37\0", 3),
      std::string(2000, '1'),
  };
  for (const std::string& text : texts)
    EXPECT_TRUE(fahrenheit_answer(text).starts_with(not_a_number_prefix)) << text;
  EXPECT_EQ(fahrenheit_answer("a\x1b[1m"), "不是数字: \"a\\x1b[1m\"");
}

}  // namespace
}  // namespace yam::service
