#include "yam/proto/http/multipart_ranges.hpp"

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

TEST(MultipartRanges, WritesWhatBelongsAroundTheRanges) {  // RFC 9110 §14.6
  const std::string file = "0123456789";
  const MultipartRanges parts("B", "text/plain\r\nEvil: 1", {{0, 2}, {5, 1}}, file.size());
  EXPECT_EQ(parts.content_type(), "multipart/byteranges; boundary=B");
  std::string body;
  for (std::size_t i = 0; i < parts.ranges().size(); ++i)
    body += parts.before(i) + file.substr(parts.ranges()[i].first, parts.ranges()[i].bytes);
  body += parts.end();
  EXPECT_EQ(body,
            "--B\r\nContent-Type: text/plain  Evil: 1\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
            "\r\n--B\r\nContent-Type: text/plain  Evil: 1\r\nContent-Range: bytes 5-5/10\r\n\r\n5"
            "\r\n--B--\r\n");
  EXPECT_EQ(parts.body_bytes(), body.size());
  EXPECT_EQ(MultipartRanges("B", "", {{3, 1}}, 10).before(0), "--B\r\nContent-Range: bytes 3-3/10\r\n\r\n");
}

}  // namespace
}  // namespace yam::proto::http
