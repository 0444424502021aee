#include "yam/proto/http/field/media_type.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "yam/proto/http/field/list.hpp"

namespace yam::proto::http {
namespace {

std::vector<std::string> members(std::string_view value) {
  std::vector<std::string> all;
  for (ListReader list(value); const auto each = list.next();)
    all.emplace_back(*each);
  return all;
}

TEST(List, MembersArePartedOutsideOfQuotes) {  // RFC 9110 §5.6.1
  using Members = std::vector<std::string>;
  EXPECT_EQ(members(""), Members());
  EXPECT_EQ(members(" , ,, \t"), Members());
  EXPECT_EQ(members("a"), Members{"a"});
  EXPECT_EQ(members(" a ,\tb c,,"), (Members{"a", "b c"}));
  EXPECT_EQ(members("a;x=\"1,2\",b"), (Members{"a;x=\"1,2\"", "b"}));
  EXPECT_EQ(members("\"a\\\",b\",c"), (Members{"\"a\\\",b\"", "c"}));
  EXPECT_EQ(members("\"a,b"), Members{"\"a,b"});
  EXPECT_EQ(members("\"a\\"), Members{"\"a\\"});
}

TEST(List, QuotedStringsGoBothWays) {  // RFC 9110 §5.6.4
  EXPECT_EQ(unquote("\"\""), "");
  EXPECT_EQ(unquote("\"a\\\"b\\\\c\\d\""), "a\"b\\cd");
  for (const char* text : {"", "a", "\"", "\"a", "a\"", "\"a\"b\"", "\"a\\\"", "\"a\nb\"", "\"a\\\n\""})
    EXPECT_EQ(unquote(text), std::nullopt) << text;
  EXPECT_EQ(quote("a\"b\\c\r\n\td"), "\"a\\\"b\\\\c\td\"");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    const bool control = (byte < 32 && byte != '\t') || byte == 127;
    EXPECT_EQ(unquote(quote(text)), control ? "" : text);
  }
}

TEST(List, ParametersAreTokensOrQuoted) {  // RFC 9110 §5.6.6
  EXPECT_EQ(parse_parameter("a=b"), (Parameter{"a", "b"}));
  EXPECT_EQ(parse_parameter("a=\"b ; c\""), (Parameter{"a", "b ; c"}));
  for (const char* text : {"", "a", "=b", "a=", "a =b", "a= b", "a=b c", "a=\"b", "a(=b", "a=b=c"})
    EXPECT_EQ(parse_parameter(text), std::nullopt) << text;
}

TEST(MediaType, IsTakenApart) {  // RFC 9110 §8.3.1
  const auto html = parse_media_type("Text/HTML ; Charset=\"utf-8\";boundary=a-b; x");
  ASSERT_TRUE(html);
  EXPECT_TRUE(html->is("text/html"));
  EXPECT_FALSE(html->is("text/htm") || html->is("text") || html->is("ext/html"));
  EXPECT_EQ(html->parameter("charset"), "utf-8");
  EXPECT_EQ(html->parameter("BOUNDARY"), "a-b");
  EXPECT_EQ(html->parameter("x"), std::nullopt);
  EXPECT_EQ(parse_media_type("a/b;charset=\";boundary=x\"")->parameter("boundary"), std::nullopt);
  for (const char* text :
       {"", "text", "/html", "text/", "te xt/html", "text/ht ml", "text/html/x", "text,a/b", ";a/b"})
    EXPECT_FALSE(parse_media_type(text)) << text;
}

}  // namespace
}  // namespace yam::proto::http
