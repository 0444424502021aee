#include "yam/proto/http/field/range.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

std::string answer(std::string_view value, std::uint64_t size_bytes) {
  const RangeSet set = parse_range(value, size_bytes);
  if (set.answer == RangeAnswer::whole) return "whole";
  if (set.answer == RangeAnswer::unsatisfiable) return "none";
  std::string said;
  for (const ByteRange& range : set.ranges)
    said += (said.empty() ? "" : " ") + std::to_string(range.first) + "+" + std::to_string(range.bytes);
  return said;
}

TEST(Range, IsResolved) {
  const struct {
    const char* value;
    std::uint64_t size_bytes;
    const char* said;
  } cases[] = {
      {"bytes=0-499", 10000, "0+500"},
      {"bytes=500-999", 10000, "500+500"},
      {"bytes=-500", 10000, "9500+500"},
      {"bytes=9500-", 10000, "9500+500"},
      {"bytes=0-0,-1", 10000, "0+1 9999+1"},
      {"bytes= 0-999, 4500-5499 ,-1000", 10000, "0+1000 4500+1000 9000+1000"},
      {"BYTES=0-0", 1, "0+1"},
      {"bytes=0-", 1, "0+1"},
      {"bytes=-99999", 10, "0+10"},
      {"bytes=5-99999999999999999999999", 10, "5+5"},
      {"bytes=-99999999999999999999999", 10, "0+10"},
      {"bytes=1-18446744073709551615", 18446744073709551615U, "1+18446744073709551614"},
      {"bytes=0-0,5-5,0-1", 10, "whole"},  // twice the same
      {"bytes=0-4,5-9", 10, "0+10"},       // they touch
      {"bytes=0-5,3-9", 10, "0+10"},       // they overlap, and go on
      {"bytes=5-9,0-4", 10, "5+5 0+5"},    // in the order asked
      {"bytes=5-9,0-6", 10, "whole"},      // they overlap, and go back
      {"bytes=0-,0-,0-,0-", 10, "0+10"},   // CVE-2011-3192
      {"bytes=0-,5-5,0-,5-5", 10, "0+10"},
      {"bytes=3-3,20-30", 10, "3+1"},
      {"bytes=10-", 10, "none"},
      {"bytes=-0", 10, "none"},
      {"bytes=99999999999999999999-", 10, "none"},
      {"bytes=0-", 0, "none"},
      {"bytes=-5", 0, "none"},
  };
  for (const auto& [value, size_bytes, said] : cases)
    EXPECT_EQ(answer(value, size_bytes), said) << value;
}

TEST(Range, WhatIsNotUnderstoodIsAsIfNotAsked) {  // RFC 9110 §14.2
  for (const char* value : {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=1", "bytes=a-b", "bytes=2-1",
                            "bytes=1-2-3", "bytes=+1-2", "bytes=1-+2", "bytes=--1", "bytes=1 -2", "bytes 1-2",
                            "bytes =1-2", "items=0-1", "bytes=0-1;2-3", "bytes=0-1,x", "bytes=0x1-0x2"})
    EXPECT_EQ(answer(value, 100), "whole") << value;
  std::string many = "bytes=0-0";
  for (std::size_t i = 1; i < ranges_max; ++i)
    many += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
  EXPECT_NE(answer(many, 1000), "whole");
  EXPECT_EQ(answer(many + ",500-500", 1000), "whole");
}

TEST(ContentRange, IsWrittenAndRead) {
  EXPECT_EQ(write_content_range({0, 500}, 1234), "bytes 0-499/1234");
  EXPECT_EQ(write_content_range(1234), "bytes */1234");
  EXPECT_EQ(parse_content_range("bytes 0-499/1234"), (ContentRange{ByteRange{0, 500}, 1234}));
  EXPECT_EQ(parse_content_range("Bytes 1-1/*"), (ContentRange{ByteRange{1, 1}, {}}));
  EXPECT_EQ(parse_content_range("bytes */1234"), (ContentRange{{}, 1234}));
  for (const char* value :
       {"", "bytes", "bytes ", "bytes /", "bytes */*", "bytes 0-1", "bytes 1-0/5", "bytes 0-5/5",
        "bytes=0-1/5", "bytes 0-1/", "bytes -1/5", "bytes 0-/5", "bytes 0/5", "items 0-1/5", "bytes 0-1/5 ",
        "bytes 0-1/-5", "x/bytes ", "bytes/ 1", "bytes 0-99999999999999999999/*"})
    EXPECT_EQ(parse_content_range(value), std::nullopt) << value;
}

}  // namespace
}  // namespace yam::proto::http
