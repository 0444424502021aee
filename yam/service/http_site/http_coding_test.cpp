// Text that goes out in a content coding: what comes out of it again, and who gets it.

#include "yam/service/http_site/http_coding.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "yam/base/text.hpp"
#include "yam/service/http_client/content_decoder.hpp"
#include "yam/service/http_server/content_encoder.hpp"
#include "yam/service/http_site/http_types.hpp"
#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {
namespace {

std::string decoded(std::string_view coding, std::string_view coded) {
  auto decoder = ContentDecoder::open(coding).value();
  if (!decoder) return std::string(coded);
  std::string text;
  for (ByteView left = bytes_of(coded);;) {
    const auto piece = decoder->decode(left);
    if (!piece) return piece.error().what;
    if (piece->empty()) break;
    text += text_of(*piece);
  }
  if (const auto end = decoder->finish(); !end) return end.error().what;
  return text;
}

// A text that does not repeat itself too often.
std::string long_text(std::size_t bytes) {
  std::string text;
  for (std::uint32_t number = 1; text.size() < bytes; number = number * 1664525 + 1013904223)
    text += std::to_string(number) + (number % 7 == 0 ? "\n" : " ");
  text.resize(bytes);
  return text;
}

TEST(ContentEncoder, WhatItMakesSmallerComesOutAgain) {
  for (const std::string_view coding : ContentEncoder::offered)
    for (const std::size_t bytes : {0UZ, 1UZ, 1000UZ, 65'536UZ, 3'000'000UZ})
      for (const std::size_t step : {7'000UZ, 200'000UZ}) {
        const std::string text = long_text(bytes);
        ContentEncoder::Slots slots;
        const auto encoder = ContentEncoder::open(coding, slots);
        std::string coded;
        for (std::size_t at = 0; at < bytes; at += step)
          encoder->encode(std::string_view(text).substr(at, step), coded);
        encoder->finish(coded);
        EXPECT_EQ(decoded(coding, coded), text) << coding << " of " << bytes << " by " << step;
        EXPECT_LT(coded.size(), bytes * 3 / 4 + 300) << coding;
      }
}

TEST(ContentEncoder, ThereAreOnlySoManyAtOnce) {
  ContentEncoder::Slots slots;
  std::vector<std::unique_ptr<ContentEncoder>> encoders;
  for (unsigned i = 0; i < ContentEncoder::Slots::encoders_max; ++i)
    EXPECT_TRUE(encoders.emplace_back(ContentEncoder::open("gzip", slots)));
  EXPECT_FALSE(ContentEncoder::open("gzip", slots));
  encoders.pop_back();
  EXPECT_TRUE(ContentEncoder::open("gzip", slots));
  EXPECT_FALSE(ContentEncoder::open("identity", slots));
}

TEST(HttpCoding, IsForTextThatIsLongEnough) {
  const struct {
    const char* name;
    std::uint64_t bytes;
    bool has;
  } rows[] = {
      {"a.txt", 1024, true},   {"a.txt", 1023, false},   {"a.html", 5000, true},
      {"a.json", 5000, true},  {"a.svg", 5000, true},    {"a.js", 5000, true},
      {"a.wasm", 5000, true},  {"a.jpg", 5000, false},   {"a.zip", 5000, false},
      {"a.docx", 5000, false}, {"unknown", 5000, false}, {"a.log", coded_bytes_max, true},
      {"a.xml", 5000, true},   {"a.meta4", 5000, true},  {"a.txt", coded_bytes_max + 1, false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(has_codings(media_type_of(row.name), row.bytes), row.has) << row.name << " " << row.bytes;
}

class HttpCodingTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    folder_.put("short.txt", kept_);
    folder_.put("long.txt", long_);
    folder_.put("tiny.txt", "tiny");
    serve({"http://127.0.0.1:0?write=replace"});
  }
  // To a peer of HTTP/1.0, whose answers have no chunks.
  std::string ask(const std::string& name, const std::string& fields, const std::string& method = "GET") {
    Client client = call();
    client.say(method + " " + name + " HTTP/1.0\r\nHost: localhost\r\n" + fields + "\r\n");
    return client.hear_all();
  }
  static std::string content_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }
  static std::string field_of(const std::string& answer, const std::string& name) {
    const std::size_t at = answer.find("\r\n" + name + ": ");
    if (at == answer.npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
  }

  const std::string kept_ = long_text(20'000), long_ = long_text(1'000'000);
};

TEST_F(HttpCodingTest, FilesGoOutAsTheClientAsks) {
  for (const std::string coding : {"gzip", "br", "zstd"})
    for (int times = 0; times < 3; ++times) {  // the short one is kept in memory then, where it is old enough
      const std::string fields = "Accept-Encoding: " + coding + "\r\n";
      const std::string small = ask("/short.txt", fields), large = ask("/long.txt", fields);
      for (const std::string& answer : {small, large}) {
        EXPECT_EQ(field_of(answer, "Content-Encoding"), coding);
        EXPECT_EQ(field_of(answer, "Vary"), "Accept-Encoding");
        EXPECT_TRUE(field_of(answer, "ETag").ends_with("+" + coding + "\"")) << answer.substr(0, 500);
        EXPECT_EQ(field_of(answer, "Content-Length"), "");
        EXPECT_EQ(field_of(answer, "Repr-Digest"), "");
      }
      EXPECT_EQ(decoded(coding, content_of(small)), kept_);
      EXPECT_EQ(decoded(coding, content_of(large)), long_);
    }
}

TEST_F(HttpCodingTest, WhatIsNotCodedSaysWhetherItMightBe) {
  EXPECT_EQ(field_of(ask("/short.txt", ""), "Vary"), "Accept-Encoding");
  EXPECT_EQ(content_of(ask("/short.txt", "")), kept_);
  const std::string tiny = ask("/tiny.txt", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(field_of(tiny, "Vary") + field_of(tiny, "Content-Encoding") + content_of(tiny), "tiny");
  const std::string part = ask("/short.txt", "Accept-Encoding: gzip\r\nRange: bytes=5-8\r\n");
  EXPECT_EQ(field_of(part, "Content-Encoding"), "");
  EXPECT_EQ(field_of(part, "Content-Range"), "bytes 5-8/20000");
  EXPECT_EQ(content_of(part), kept_.substr(5, 4));
}

TEST_F(HttpCodingTest, EachCodingHasATagOfItsOwn) {
  const std::string coded = "Accept-Encoding: zstd\r\n";
  const std::string tag = field_of(ask("/long.txt", coded, "HEAD"), "ETag");
  EXPECT_EQ(content_of(ask("/long.txt", coded, "HEAD")), "");
  EXPECT_TRUE(ask("/long.txt", coded + "If-None-Match: " + tag + "\r\n").starts_with("HTTP/1.1 304 "));
  EXPECT_TRUE(ask("/long.txt", "If-None-Match: " + tag + "\r\n").starts_with("HTTP/1.1 200 "));
  // Who has seen it coded has seen it, and may replace it.
  Client client = call();
  client.say("PUT /long.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nIf-Match: " + tag +
             "\r\n\r\nx");
  EXPECT_TRUE(client.hear(12).starts_with("HTTP/1.1 200"));
  client.say("PUT /long.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nIf-Match: " + tag +
             "\r\n\r\ny");
  client.finish();
  EXPECT_NE(client.hear_all().find("HTTP/1.1 412"), std::string::npos);
}

TEST_F(HttpCodingTest, ListingsToo) {
  for (int i = 0; i < 100; ++i)
    folder_.put("file" + std::to_string(i), "");
  const std::string plain = content_of(ask("/?format=json", ""));
  const std::string coded = ask("/?format=json", "Accept-Encoding: br\r\n");
  EXPECT_EQ(field_of(coded, "Content-Encoding"), "br");
  EXPECT_LT(content_of(coded).size(), plain.size() / 2);
  EXPECT_EQ(decoded("br", content_of(coded)), plain);
}

TEST_F(HttpCodingTest, AFileThatBecomesShorterIsBrokenOff) {
  folder_.put("shrinks.txt", long_text(coded_bytes_max));
  Client client = call();
  client.say("GET /shrinks.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_TRUE(client.hear(1000).starts_with("HTTP/1.1 200 "));
  folder_.put("shrinks.txt", "x");
  EXPECT_TRUE(client.hear_all().ends_with("(reset)"));
}

}  // namespace
}  // namespace yam::service
