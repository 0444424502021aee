#include "yam/proto/http/head_writer.hpp"

#include <string>

#include <gtest/gtest.h>

#include "yam/proto/http/head.hpp"

namespace yam::proto::http {
namespace {

using namespace std::string_literals;

TEST(HeadWriter, WritesWhatParsersTake) {
  std::string out = "before ";
  HeadWriter response(out);
  response.status_line(404);
  response.field("Content-Length", 18446744073709551615U);
  response.field("X", "\xe6\x96\x87\ty");
  ASSERT_TRUE(response.finish());
  EXPECT_EQ(
      out,
      "before HTTP/1.1 404 Not Found\r\nContent-Length: 18446744073709551615\r\nX: \xe6\x96\x87\ty\r\n\r\n");
  std::string head;
  HeadWriter request(head);
  request.request_line("GET", "/a?b");
  request.field("Host", "a");
  ASSERT_TRUE(request.finish());
  EXPECT_EQ(head, "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string bare;
  HeadWriter unknown(bare);
  unknown.status_line(499);
  ASSERT_TRUE(unknown.finish());
  EXPECT_EQ(bare, "HTTP/1.1 499 \r\n\r\n");
}

// Every byte in every place that takes text: no head ever has another line than those that were asked for.
TEST(HeadWriter, CannotBeSplit) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = "a"s + static_cast<char>(byte) + "\r\nEvil: 1\r\n\r\n" + static_cast<char>(byte);
    std::string out;
    HeadWriter writer(out);
    writer.status_line(302, text);
    writer.field("Location", text);
    ASSERT_TRUE(writer.finish());
    ResponseParser parser;
    const auto done = parser.handle_bytes(bytes_of(out));
    ASSERT_TRUE(done && *done) << byte;
    EXPECT_EQ(parser.head_bytes(), out.size());
    EXPECT_EQ(parser.head().fields.size(), 1u);
    EXPECT_EQ(parser.head().fields.count("Evil"), 0u);
  }
}

TEST(HeadWriter, LeavesNothingOfWhatItCannotWrite) {
  for (const std::string& bad : {""s, "a b"s, "a\r\nB: c"s, "a\0"s, "a\n"s}) {
    std::string out = "before";
    HeadWriter name(out);
    name.status_line(200);
    name.field(bad, "x");
    EXPECT_FALSE(name.finish()) << bad;
    EXPECT_EQ(out, "before");
    HeadWriter target(out);
    target.request_line("GET", bad);
    EXPECT_EQ(target.finish().error().code, Code::usage);
    HeadWriter method(out);
    method.request_line(bad, "/");
    EXPECT_FALSE(method.finish());
    EXPECT_EQ(out, "before");
  }
  std::string out;
  HeadWriter status(out);
  status.status_line(42);
  EXPECT_EQ(status.finish().error().what, "a status cannot be \"42\"");
}

}  // namespace
}  // namespace yam::proto::http
