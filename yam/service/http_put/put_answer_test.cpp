#include "yam/service/http_put/put_answer.hpp"

#include <gtest/gtest.h>

#include "yam/base/text.hpp"
#include "yam/service/http_put/put_offer.hpp"

namespace yam::service {
namespace {

const std::string digits = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

HttpHead head_of(std::string_view text) {
  static proto::http::ResponseParser parser;
  parser.restart();
  const auto whole = parser.handle_bytes(bytes_of(text));
  EXPECT_TRUE(whole && *whole) << text;
  return HttpHead(bytes_of(text).first(parser.head_bytes()), parser.head());
}

TEST(PutAnswer, ReadsReceiptsAndNothingElse) {
  const Bytes digest = *parse_hex(digits);
  const struct {
    std::string text;
    PutReceipt receipt;
  } cases[] = {
      {"{\"name\":\"a\",\"size\":12,\"sha256\":\"" + digits + "\"}\n", {12, digest}},
      {"{\"sha256\":\"" + digits + "\"}", {{}, digest}},
      {"{\"size\":-1,\"sha256\":\"" + digits + "\"}", {{}, digest}},
      {"{\"size\":12,\"sha256\":\"" + digits.substr(2) + "\"}", {}},
      {"{\"size\":12,\"sha256\":\"" + digits + "00\"}", {}},
      {"{\"size\":12,\"sha256\":7}", {}},
      {"{\"size\":12}", {}},
      {"[1]", {}},
      {"{", {}},
      {"", {}},
  };
  for (const auto& [text, receipt] : cases)
    EXPECT_EQ(parse_put_receipt(text), receipt) << text;
}

TEST(PutAnswer, SaysWhyAndWhatNext) {
  const HttpUrl url = *HttpUrl::parse("http://h/a");
  const Error error = put_refusal(url, head_of("HTTP/1.1 412 No\x9b\r\n\r\n"), "it is there");
  EXPECT_EQ(error.code, Code::refused);
  EXPECT_EQ(error.what, "http://h/a: 412 No\\x9b: it is there");
  EXPECT_EQ(error.hint, "--force replaces what is there, where the server allows that");
  EXPECT_EQ(put_refusal(url, head_of("HTTP/1.1 413 Large\r\n\r\n"), "").what, "http://h/a: 413 Large");
  EXPECT_TRUE(put_refusal(url, head_of("HTTP/1.1 401 Who\r\n\r\n"), "").hint.starts_with("--user"));
}

TEST(PutAnswer, KnowsACutOnTheWay) {
  EXPECT_TRUE(says_cut(head_of("HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n")));
  EXPECT_FALSE(says_cut(head_of("HTTP/1.1 400 Bad\r\n\r\n")));
  EXPECT_FALSE(says_cut(head_of("HTTP/1.1 409 No\r\nConnection: close\r\n\r\n")));
}

TEST(PutOffer, ChoosesTheWay) {
  const std::string tus = "Tus-Resumable: 1.0.0\r\nTus-Version: 1.0.0\r\nTus-Extension: creation\r\n";
  const struct {
    std::string head;
    bool small_by_tus, large_by_tus, stream_by_tus;
  } cases[] = {
      {"HTTP/1.1 204 x\r\nAllow: GET, PUT\r\n" + tus + "\r\n", false, true, false},
      {"HTTP/1.1 204 x\r\n" + tus + "\r\n", true, true, true},
      {"HTTP/1.1 200 x\r\nAllow: GET\r\n\r\n", false, false, false},
      {"HTTP/1.1 405 x\r\n" + tus + "\r\n", false, false, false},
      {"HTTP/1.1 204 x\r\nTus-Resumable: 0.2.0\r\nTus-Extension: creation\r\n\r\n", false, false, false},
      {"HTTP/1.1 204 x\r\nTus-Resumable: 1.0.0\r\nTus-Version: 1.0.0\r\n\r\n", false, false, false},
  };
  for (const auto& [head, small_by_tus, large_by_tus, stream_by_tus] : cases) {
    const PutOffer offer = read_put_offer(head_of(head));
    EXPECT_EQ(offer.prefers_tus(0), small_by_tus) << head;
    EXPECT_EQ(offer.prefers_tus(tus_bytes_min), large_by_tus) << head;
    EXPECT_EQ(offer.prefers_tus(std::nullopt), stream_by_tus) << head;
  }
}

}  // namespace
}  // namespace yam::service
