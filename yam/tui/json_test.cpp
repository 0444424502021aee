#include "yam/tui/json.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace yam::tui {
namespace {

TEST(JsonLine, KeepsTheOrderOfItsFields) {
  JsonLine line;
  line.field("event", "connected")
      .field("attempt", 2)
      .field("bytes", std::uint64_t{18'446'744'073'709'551'615u});
  line.field("offset", std::int64_t{-1}).field("seconds", 0.25).field("tls", true).field("last", false);
  EXPECT_EQ(line.take(),
            "{\"event\":\"connected\",\"attempt\":2,\"bytes\":18446744073709551615,\"offset\":-1,"
            "\"seconds\":0.25,\"tls\":true,\"last\":false}\n");
}

TEST(JsonLine, IsEmptyAfterTake) {
  JsonLine line;
  EXPECT_EQ(line.take(), "{}\n");
  EXPECT_EQ(line.field("a", 1).take(), "{\"a\":1}\n");
  EXPECT_EQ(line.field("b", 2).take(), "{\"b\":2}\n");
}

TEST(JsonLine, WritesTextSoThatItStaysOneLine) {
  struct Case {
    std::string_view value;
    std::string_view printed;
  };
  using namespace std::string_view_literals;
  for (const Case& each : {
           Case{"", R"("")"},
           Case{"驿站", R"("驿站")"},
           Case{"a\nb\r\t\"\\", R"("a\nb\r\t\"\\")"},
           Case{"\0\x1b"sv, R"("\u0000\u001b")"},
           Case{"a\xff", "\"a\xEF\xBF\xBD\""},
       }) {
    JsonLine line;
    EXPECT_EQ(line.field("v", each.value).take(), "{\"v\":" + std::string(each.printed) + "}\n");
  }
}

TEST(JsonLine, HasNullForWhatIsNoNumber) {
  JsonLine line;
  EXPECT_EQ(line.field("v", std::numeric_limits<double>::quiet_NaN()).take(), "{\"v\":null}\n");
  EXPECT_EQ(line.field("v", std::numeric_limits<double>::infinity()).take(), "{\"v\":null}\n");
}

TEST(JsonLine, CarriesBytesAsTextOrBase64) {
  struct Case {
    std::string_view bytes;
    std::string_view line;
  };
  for (const Case& each : {
           Case{"", R"({"data":""})"},
           Case{"你好", R"({"data":"你好"})"},
           Case{"\xff", R"({"data_base64":"/w=="})"},
           Case{"\xff\xfe", R"({"data_base64":"//4="})"},
           Case{"\xff\xfe\xfd", R"({"data_base64":"//79"})"},
           Case{"\xffMan", R"({"data_base64":"/01hbg=="})"},
           Case{"\xe4\xbd", R"({"data_base64":"5L0="})"},
       }) {
    JsonLine line;
    EXPECT_EQ(line.bytes("data", bytes_of(each.bytes)).take(), std::string(each.line) + "\n");
  }
}

}  // namespace
}  // namespace yam::tui
