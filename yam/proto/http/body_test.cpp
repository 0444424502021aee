#include "yam/proto/http/body.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

using namespace std::string_literals;

std::string times(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += text;
  return all;
}

// What came of a body that arrived `step` bytes at a time: its content in brackets, its trailers, and how
// many bytes it took; or the refusal.
std::string read(const Framing& framing, std::string_view bytes, std::size_t step, bool ends = false) {
  BodyReader reader(framing);
  std::string content;
  std::size_t used = 0;
  for (std::size_t given = 0; given < bytes.size() && !reader.done();) {
    given = std::min(given + step, bytes.size());
    while (used < given && !reader.done()) {
      const std::vector<char> copy(bytes.begin() + static_cast<std::ptrdiff_t>(used),
                                   bytes.begin() + static_cast<std::ptrdiff_t>(given));
      const auto got = reader.handle_bytes(bytes_of({copy.data(), copy.size()}));
      if (!got) return std::to_string(got.error().status) + " " + std::string(got.error().words);
      used += got->used;
      content += text_of(got->content);
    }
  }
  if (ends)
    if (const auto end = reader.handle_end(); !end) return std::string(end.error().words);
  if (!reader.done()) return "more";
  std::string said = "[" + content + "]";
  Fields trailers;
  std::size_t dropped = 0;
  reader.collect_trailers(trailers, dropped);
  for (const Field& field : trailers)
    said += " " + std::string(field.name) + "=" + std::string(field.value);
  if (dropped > 0) said += " dropped " + std::to_string(dropped);
  return said + " " + std::to_string(used);
}

std::string chunked(const std::string& bytes) {
  const Framing framing{Body::chunked};
  const std::string whole = read(framing, bytes, bytes.size() + 1);
  EXPECT_EQ(read(framing, bytes, 1), whole) << bytes;
  EXPECT_EQ(read(framing, bytes, 3), whole) << bytes;
  if (whole != "more") {
    EXPECT_EQ(read(framing, bytes + "\0GET / \r\n"s, bytes.size() + 99), whole) << bytes;
    EXPECT_EQ(read(framing, bytes + "\0GET / \r\n"s, 1), whole) << bytes;
  }
  return whole;
}

TEST(Chunked, IsRefusedInWords) {
  const struct {
    std::string bytes, words;
  } cases[] = {
      {"\r\n", "400 a chunk without a size"},
      {"\n0\r\n\r\n", "400 a chunk without a size"},
      {" 0\r\n\r\n", "400 a chunk without a size"},
      {";a\r\n", "400 a chunk without a size"},
      {"-1\r\n", "400 a chunk without a size"},
      {"+1\r\n", "400 a chunk without a size"},
      {"0x1\r\n", "400 a chunk size that is no number"},
      {"1g\r\n", "400 a chunk size that is no number"},
      {"1,\r\n", "400 a chunk size that is no number"},
      {"1_0\r\n", "400 a chunk size that is no number"},
      {"1 \r\n", "400 a chunk size that is no number"},
      {"1 1\r\n", "400 a chunk size that is no number"},
      {"1\0\r\n"s, "400 a chunk size that is no number"},
      {"1\n", "400 a chunk size that is no number"},
      {"1\rx", "400 a CR without LF behind a chunk size"},
      {"1\r\r\n", "400 a CR without LF behind a chunk size"},
      {"0000000000000001", "400 a chunk size that is too long"},
      {"ffffffffffffffff", "400 a chunk size that is too long"},
      {"10000000000000000", "400 a chunk size that is too long"},
      {"1;a\nx\r\n0\r\n\r\n", "400 a control character in a chunk extension"},  // TERM.EXT
      {"1;a\0\r\n"s, "400 a control character in a chunk extension"},
      {"1;a\rx", "400 a CR without LF behind a chunk size"},
      {"1;" + times(257, "a"), "400 a chunk extension that is too long"},
      {"1" + times(257, " "), "400 a chunk extension that is too long"},
      {"1\r\nab\r\n", "400 a chunk that is longer than its size"},
      {"1\r\na\n", "400 a chunk that is longer than its size"},
      {"1\r\na\rb", "400 a CR without LF behind a chunk"},
      {"1\r\na0\r\n\r\n", "400 a chunk that is longer than its size"},
      {"0\r\n\n", "400 an LF without CR where the fields end"},
      {"0\r\n\rX", "400 a CR without LF where the fields end"},
      {"0\r\nA: b\n\r\n", "400 an LF without CR in a field line"},
      {"0\r\nA : b\r\n\r\n", "400 a blank between a field name and its colon"},
      {"0\r\nGET / HTTP/1.1\r\n\r\n", "400 a blank between a field name and its colon"},
      {"0\r\n b\r\n\r\n", "400 a folded field line"},
      {"0\r\nA: " + times(trailer_bytes_max, "b") + "\r\n\r\n", "431 trailers that are too long"},
      {"0\r\n" + times(fields_max + 1, "a:b\r\n") + "\r\n", "431 too many fields"},
  };
  for (const auto& [bytes, words] : cases)
    EXPECT_EQ(chunked(bytes), words) << bytes.substr(0, 100);
}

TEST(Chunked, IsTaken) {
  const struct {
    std::string bytes, content;
  } cases[] = {
      {"0\r\n\r\n", "[]"},
      {"000000000000000\r\n\r\n", "[]"},
      {"3\r\nabc\r\n0\r\n\r\n", "[abc]"},
      {"3\r\n\r\n0\r\n1\r\nx\r\n0\r\n\r\n", "[\r\n0x]"},
      {"A;x=\"y z\"\r\n0123456789\r\na \t;x\r\n0123456789\r\n00;\r\n\r\n", "[01234567890123456789]"},
      {"1;" + times(256, "a") + "\r\nx\r\n0\r\n\r\n", "[x]"},
      {times(40, "1;" + times(200, "a") + "\r\nx\r\n") + "0\r\n\r\n", "[" + times(40, "x") + "]"},
      {"0\r\nDigest: a\r\nX:\r\n\r\n", "[] Digest=a X="},
      {"0\r\ncontent-length: 9\r\nX: y\r\nTransfer-Encoding: chunked\r\nHost: h\r\n\r\n", "[] X=y dropped 3"},
      {"0\r\nA: " + times(2000, "b") + "\r\n\r\n", "[] A=" + times(2000, "b")},
  };
  for (const auto& [bytes, content] : cases)
    EXPECT_EQ(chunked(bytes), content + " " + std::to_string(bytes.size())) << bytes.substr(0, 100);
  const std::string whole = "3;x\r\nabc\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(read({Body::chunked}, whole.substr(0, size), 99, true), "a body that is cut off") << size;
}

TEST(BodyReader, TakesAsMuchAsIsItsOwn) {
  for (const std::size_t step : {1u, 2u, 99u}) {
    EXPECT_EQ(read({Body::none}, "abc", step), "[] 0");
    EXPECT_EQ(read({Body::tunnel}, "abc", step), "[] 0");
    EXPECT_EQ(read({Body::length, 2}, "abc", step), "[ab] 2");
    EXPECT_EQ(read({Body::length, 3}, "abc", step), "[abc] 3");
    EXPECT_EQ(read({Body::length, 4}, "abc", step), "more");
    EXPECT_EQ(read({Body::length, 4}, "abc", step, true), "a body that is cut off");
    EXPECT_EQ(read({Body::until_close}, "abc", step), "more");
    EXPECT_EQ(read({Body::until_close}, "abc", step, true), "[abc] 3");
  }
}

std::string written(const Framing& framing, std::vector<std::string> pieces,
                    std::vector<Field> trailers = {}) {
  BodyWriter writer(framing);
  std::string out;
  for (const std::string& piece : pieces) {
    if (auto framed = writer.frame(out, piece.size()); !framed) return framed.error().what;
    out += piece;
  }
  const std::string before = out;
  if (auto finished = writer.finish(out, trailers); !finished) {
    EXPECT_EQ(out, before);
    return finished.error().what;
  }
  EXPECT_TRUE(writer.finished());
  return out;
}

TEST(BodyWriter, WritesWhatBelongsAroundTheContent) {
  EXPECT_EQ(written({Body::chunked}, {}), "0\r\n\r\n");
  EXPECT_EQ(written({Body::chunked}, {"abc", "", times(16, "x")}),
            "3\r\nabc\r\n10\r\n" + times(16, "x") + "\r\n0\r\n\r\n");
  EXPECT_EQ(written({Body::chunked}, {"a"}, {{"X", "y\r\nz"}}), "1\r\na\r\n0\r\nX: y  z\r\n\r\n");
  EXPECT_EQ(written({Body::chunked}, {"a"}, {{"Content-Length", "1"}}),
            "a trailer that may not be one: Content-Length");
  EXPECT_EQ(written({Body::chunked}, {"a"}, {{"X\r\n", "1"}}), "a field name cannot be \"X\\r\\n\"");
  EXPECT_EQ(written({Body::length, 3}, {"ab", "c"}, {{"X", "y"}}), "abc");
  EXPECT_EQ(written({Body::length, 3}, {"ab"}), "less content than the head announced");
  EXPECT_EQ(written({Body::length, 3}, {"ab", "cd"}), "more content than the head announced");
  EXPECT_EQ(written({Body::none}, {"a"}), "more content than the head announced");
  EXPECT_EQ(written({Body::until_close}, {"ab", "c"}), "abc");
}

TEST(ResponseFraming, FollowsTheListInItsOrder) {  // RFC 9112 §6.3
  const Fields plain, length{{"Content-Length", "5"}}, zero{{"Content-Length", "0"}},
      chunks{{"Transfer-Encoding", "CHUNKED"}};
  const struct {
    const char* method;
    unsigned status;
    const Fields& fields;
    Framing framing;
  } cases[] = {
      {"GET", 200, plain, {Body::until_close}},
      {"GET", 200, length, {Body::length, 5}},
      {"GET", 200, zero, {Body::none, 0}},
      {"GET", 200, chunks, {Body::chunked}},
      {"HEAD", 200, length, {}},
      {"HEAD", 200, chunks, {}},
      {"HEAD", 404, plain, {}},
      {"GET", 204, length, {}},
      {"GET", 304, length, {}},
      {"GET", 304, chunks, {}},
      {"GET", 100, plain, {}},
      {"GET", 103, length, {}},
      {"GET", 101, plain, {Body::tunnel}},
      {"CONNECT", 200, length, {Body::tunnel}},
      {"CONNECT", 299, chunks, {Body::tunnel}},
      {"CONNECT", 407, length, {Body::length, 5}},
      {"POST", 500, chunks, {Body::chunked}},
  };
  for (const auto& [method, status, fields, framing] : cases)
    EXPECT_EQ(response_framing(method, status, 1, fields), framing) << method << status;
}

TEST(ResponseFraming, RefusesWhatARequestWouldBeRefused) {
  const struct {
    Fields fields;
    unsigned minor;
    const char* words;
  } cases[] = {
      {{{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}},
       1,
       "both Content-Length and Transfer-Encoding"},
      {{{"Content-Length", "5"}, {"content-length", "5"}}, 1, "more than one Content-Length"},
      {{{"Content-Length", "-1"}}, 1, "a Content-Length that is no number"},
      {{{"Transfer-Encoding", "chunked"}}, 0, "Transfer-Encoding in HTTP/1.0"},
      {{{"Transfer-Encoding", "gzip"}}, 1, "a Transfer-Encoding that does not end in one chunked"},
      {{{"Transfer-Encoding", "gzip, chunked"}}, 1, "a transfer coding that is not known"},
  };
  for (const auto& [fields, minor, words] : cases)
    for (const char* method : {"GET", "HEAD"}) {
      const auto framing = response_framing(method, 200, minor, fields);
      ASSERT_FALSE(framing);
      EXPECT_EQ(framing.error().words, words);
    }
}

}  // namespace
}  // namespace yam::proto::http
