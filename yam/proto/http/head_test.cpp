#include "yam/proto/http/head.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

using namespace std::string_literals;

// What a parser made of a head: "ok" and its length, or the refusal. Fed `step` bytes at a time, each time
// from a fresh copy that ends where the bytes end, so that ASan sees a view that is kept or a byte read too
// many.
template <class Parser>
std::string fed(std::string_view head, std::size_t step) {
  Parser parser;
  for (std::size_t given = 0; given < head.size();) {
    given = std::min(given + step, head.size());
    const std::vector<char> copy(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(given));
    const auto done = parser.handle_bytes(bytes_of({copy.data(), copy.size()}));
    if (!done) return std::to_string(done.error().status) + " " + std::string(done.error().words);
    if (*done) return "ok " + std::to_string(parser.head_bytes());
  }
  return "more";
}

// The same whole, byte by byte, and with junk behind.
template <class Parser>
std::string outcome(const std::string& head) {
  const std::string whole = fed<Parser>(head, head.size() + 1);
  const std::size_t step = head.size() > 2000 ? 101 : 1;  // a step costs a copy of all before it
  EXPECT_EQ(fed<Parser>(head, step), whole) << head;
  EXPECT_EQ(fed<Parser>(head, 7), whole) << head;
  if (whole != "more") {
    EXPECT_EQ(fed<Parser>(head + "\0\r\n\xff GET / HTTP/1.1"s, head.size() + 99), whole) << head;
    EXPECT_EQ(fed<Parser>(head + "\0\r\n\xff GET / HTTP/1.1"s, step), whole) << head;
  }
  return whole;
}

std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string many(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += text;
  return all;
}

TEST(RequestHead, IsRefusedInWords) {
  const struct {
    std::string head, words;
  } cases[] = {
      // The request line, RFC 9112 §3.
      {" GET / HTTP/1.1\r\n", "400 a method that is no token"},
      {"\nGET / HTTP/1.1\r\n", "400 a method that is no token"},
      {"\r\n\r\nGET / HTTP/1.1\r\n", "400 a method that is no token"},
      {"\rGET / HTTP/1.1\r\n", "400 a CR without LF before a request"},
      {"GE(T / HTTP/1.1\r\n", "400 a method that is no token"},
      {"GET\t/ HTTP/1.1\r\n", "400 a method that is no token"},
      {"G\0T / HTTP/1.1\r\n"s, "400 a method that is no token"},
      {"\x16\x03\x01\x02", "400 a method that is no token"},  // a TLS ClientHello
      {"GET\r\n", "400 a method that is no token"},
      {many(33, "M") + " / HTTP/1.1\r\n", "501 a method that is too long"},
      {"GET  / HTTP/1.1\r\n", "400 a request without a target"},
      {"GET /\r\n", "505 a request of HTTP/0.9"},
      {"GET /\n", "400 a control character in a target"},
      {"GET /a\tb HTTP/1.1\r\n", "400 a control character in a target"},
      {"GET /a\0b HTTP/1.1\r\n"s, "400 a control character in a target"},
      {"GET /a b HTTP/1.1\r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/2.0\r\n", "505 an HTTP version that is not 1"},
      {"PRI /x HTTP/2.0\r\n", "505 an HTTP version that is not 1"},
      {"GET / HTTP/0.9\r\n", "505 an HTTP version that is not 1"},
      {"GET / http/1.1\r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/1.10\r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/01.1\r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/1\r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/1,1\r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/1.1 \r\n", "400 a malformed HTTP version"},
      {"GET / HTTP/1.1\n", "400 a malformed HTTP version"},
      {"GET / HTTP/1.1\rHost: a\r\n", "400 a CR without LF in the request line"},
      {"GET /" + many(target_bytes_max, "a"), "414 a target that is too long"},
      // Targets, RFC 9112 §3.2.
      {"GET * HTTP/1.1\r\n", "400 a target of * where only OPTIONS has one"},
      {"GET a HTTP/1.1\r\n", "400 a target in none of the four forms"},
      {"GET a:80 HTTP/1.1\r\n", "400 a target in none of the four forms"},
      {"GET ftp://a/ HTTP/1.1\r\n", "400 a target whose scheme is neither http nor https"},
      {"GET http:///a HTTP/1.1\r\n", "400 a target without a host"},
      {"GET http://u@a/ HTTP/1.1\r\n", "400 a host that is malformed"},
      {"GET http://a#b HTTP/1.1\r\n", "400 a target with a letter that no URI has"},
      {"GET /a#b HTTP/1.1\r\n", "400 a target with a letter that no URI has"},
      {"GET /a\\b HTTP/1.1\r\n", "400 a target with a letter that no URI has"},
      {"GET /%zz HTTP/1.1\r\n", "400 a target with a % that escapes nothing"},
      {"GET /%4 HTTP/1.1\r\n", "400 a target with a % that escapes nothing"},
      {"CONNECT / HTTP/1.1\r\n", "400 a host that is malformed"},
      {"CONNECT a HTTP/1.1\r\n", "400 a CONNECT that does not name a host and a port"},
      {"CONNECT a: HTTP/1.1\r\n", "400 a CONNECT that does not name a host and a port"},
      {"CONNECT http://a:80 HTTP/1.1\r\n", "400 a host whose port is no port"},
      // Lines, RFC 9112 §2.2 and §5.
      {"GET / HTTP/1.1\r\n Host: a\r\n", "400 a folded field line"},
      {get("A: b\r\n c\r\n"), "400 a folded field line"},
      {get("A: b\r\n\tc\r\n"), "400 a folded field line"},
      {get("A : b\r\n"), "400 a blank between a field name and its colon"},
      {get("A\t: b\r\n"), "400 a blank between a field name and its colon"},
      {get(": b\r\n"), "400 a field without a name"},
      {get("A\r\n"), "400 a field line without a colon"},
      {get("A\n"), "400 a field line without a colon"},
      {get("A(b): c\r\n"), "400 a field name that is no token"},
      {get("\x80: c\r\n"), "400 a field name that is no token"},
      {get("A\0: c\r\n"s), "400 a field name that is no token"},
      {get("\x0b"
           "A: c\r\n"),
       "400 a field name that is no token"},
      {get("A: b\n"), "400 an LF without CR in a field line"},
      {get("A:\n"), "400 an LF without CR in a field line"},
      {get("A: b\rC: d\r\n"), "400 a CR without LF in a field line"},
      {get("A: b\r\rC: d\r\n"), "400 a CR without LF in a field line"},
      {get("A: b\0c\r\n"s), "400 a control character in a field value"},
      {get("A: \x01\r\n"), "400 a control character in a field value"},
      {get("A: b\x7f\r\n"), "400 a control character in a field value"},
      {get("A: b\x0b\r\n"), "400 a control character in a field value"},
      {"GET / HTTP/1.1\r\nHost: a\r\n\n", "400 an LF without CR where the fields end"},
      {"GET / HTTP/1.1\r\nHost: a\r\n\rX", "400 a CR without LF where the fields end"},
      {get(many(fields_max, "a:b\r\n")), "431 too many fields"},
      {get("A: " + many(head_bytes_max, "b") + "\r\n"), "431 a head that is too long"},
      // Host, RFC 9112 §3.2.
      {"GET / HTTP/1.1\r\n\r\n", "400 a request without a Host"},
      {get("host: a\r\n"), "400 more than one Host"},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400 more than one Host"},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: :80\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: [::1]x:80\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: [1.2.3.4]\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n", "400 a host whose port is no port"},
      {"GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", "400 a host that is malformed"},
      {"GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", "400 a host whose port is no port"},
      {"GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n", "400 a host whose port is no port"},
      {"GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n", "400 a host that is malformed"},
      {"GET http://b/ HTTP/1.1\r\n\r\n", "400 a request without a Host"},
  };
  for (const auto& [head, words] : cases)
    EXPECT_EQ(outcome<RequestParser>(head), words) << head.substr(0, 200);
}

// The ways in which requests have been smuggled: two parsers that saw two lengths.
TEST(RequestHead, IsRefusedWhereReadersCouldDisagreeOnItsLength) {
  const struct {
    std::string fields, words;
  } cases[] = {
      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "both Content-Length and Transfer-Encoding"},
      {"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "both Content-Length and Transfer-Encoding"},
      {"TRANSFER-encoding: x\r\ncontent-LENGTH: 5\r\n", "both Content-Length and Transfer-Encoding"},
      {"Content-Length: 5\r\nContent-Length: 5\r\n", "more than one Content-Length"},
      {"Content-Length: 5\r\nContent-Length: 6\r\n", "more than one Content-Length"},
      {"Content-Length: 5, 5\r\n", "a Content-Length that is no number"},
      {"Content-Length: +5\r\n", "a Content-Length that is no number"},
      {"Content-Length: -5\r\n", "a Content-Length that is no number"},
      {"Content-Length: 0x5\r\n", "a Content-Length that is no number"},
      {"Content-Length: 5 5\r\n", "a Content-Length that is no number"},
      {"Content-Length: 5_0\r\n", "a Content-Length that is no number"},
      {"Content-Length: 5.0\r\n", "a Content-Length that is no number"},
      {"Content-Length: \"5\"\r\n", "a Content-Length that is no number"},
      {"Content-Length: \xc2\xa0"
       "5\r\n",
       "a Content-Length that is no number"},
      {"Content-Length:\r\n", "a Content-Length that is no number"},
      {"Content-Length: 99999999999999999999\r\n", "a Content-Length that is no number"},
      {"Content-Length: 00000000000000000005\r\n", "a Content-Length that is no number"},
      {"Content-Length : 5\r\n", "a blank between a field name and its colon"},
      {"Content-Length\x01: 5\r\n", "a field name that is no token"},
      {"Transfer-Encoding: xchunked\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: identity\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: chunked, identity\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: chunked, chunked\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: ,chunked\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: chunked,\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding:\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: \"chunked\"\r\n", "a malformed Transfer-Encoding"},
      {"Transfer-Encoding: chunked;a=b\r\n", "a malformed Transfer-Encoding"},
      {"Transfer-Encoding: 'chunked'\r\n", "a Transfer-Encoding that does not end in one chunked"},
      {"Transfer-Encoding: chun ked\r\n", "a malformed Transfer-Encoding"},
      {"Transfer-Encoding: chunked\xff\r\n", "a malformed Transfer-Encoding"},
      {"Transfer-Encoding: \x0b"
       "chunked\r\n",
       "a control character in a field value"},
      {"Transfer-Encoding:\r\n chunked\r\n", "a folded field line"},
      {"Transfer-Encoding : chunked\r\n", "a blank between a field name and its colon"},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "more than one Transfer-Encoding"},
      {"X: y\nTransfer-Encoding: chunked\r\n", "an LF without CR in a field line"},
      {"X: y\rTransfer-Encoding: chunked\r\n", "a CR without LF in a field line"},
  };
  for (const auto& [fields, words] : cases)
    EXPECT_EQ(outcome<RequestParser>("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"), "400 " + words)
        << fields;
  EXPECT_EQ(outcome<RequestParser>(get("Transfer-Encoding: gzip, chunked\r\n")),
            "501 a transfer coding that is not known");
  EXPECT_EQ(outcome<RequestParser>("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "400 Transfer-Encoding in HTTP/1.0");
  EXPECT_EQ(outcome<RequestParser>("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 4\r\n\r\n"),
            "400 a CONNECT with a body");
}

TEST(RequestHead, IsTakenWhole) {
  const std::string heads[] = {
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.0\r\n\r\n",
      "GET / HTTP/1.7\r\nHost:\r\n\r\n",
      "M-SEARCH /a?b?c=/d HTTP/1.1\r\nHost:\t[::1]:8080 \t\r\n\r\n",
      "GET /\xe6\x96\x87%20|[a]?{b}^` HTTP/1.1\r\nHost: a.b-c_d~:\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
      "OPTIONS http://a HTTP/1.1\r\nHost: b\r\n\r\n",
      "CONNECT [::1]:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
      get("A:\r\nB: \t \r\nC:c\t d \r\nd: \xff\x80\r\n"),
      get(many(fields_max - 1, "a:b\r\n")),
      get("X: " + many(head_bytes_max - 33, "b") + "\r\n"),
      "GET /" + many(target_bytes_max - 1, "a") + " HTTP/1.1\r\nHost: a\r\n\r\n",
      get("Transfer-Encoding: Chunked \r\n"),
      get("Content-Length: 0000000000000000005\r\n"),
      get("Content-Length: 9999999999999999999\r\n"),
  };
  for (const std::string& head : heads)
    EXPECT_EQ(outcome<RequestParser>(head), "ok " + std::to_string(head.size())) << head.substr(0, 200);
}

TEST(RequestHead, AMissingEndIsMissed) {
  const std::string head = get("Content-Length: 5\r\n");
  for (std::size_t size = 0; size < head.size(); ++size)
    EXPECT_EQ(fed<RequestParser>(head.substr(0, size), size + 1), "more");
}

RequestHead parsed(RequestParser& parser, std::string_view head) {
  parser.restart();
  const auto done = parser.handle_bytes(bytes_of(head));
  EXPECT_TRUE(done && *done) << head;
  return parser.head();
}

TEST(RequestHead, SaysWhatItSays) {
  RequestParser parser;
  RequestHead head = parsed(
      parser, "PUT /a/b?c HTTP/1.1\r\nhOST:  x:81\r\nA:\tb , c \r\na: d\r\nE:\r\nContent-Length: 7\r\n\r\n");
  EXPECT_EQ(head.method, "PUT");
  EXPECT_EQ(head.target, (Target{TargetForm::origin, "/a/b", "c", {}, {}}));
  EXPECT_EQ(head.host, (Host{"x", 81}));
  EXPECT_EQ(head.framing, (Framing{Body::length, 7}));
  EXPECT_EQ(head.fields.size(), 5u);
  EXPECT_EQ(head.fields.find("a"), "b , c");
  EXPECT_EQ(head.fields.only("A"), std::nullopt);
  EXPECT_EQ(head.fields.only("E"), "");
  EXPECT_TRUE(head.fields.lists("a", "D"));
  EXPECT_TRUE(head.fields.lists("a", "b"));
  EXPECT_FALSE(head.fields.lists("a", ""));

  head = parsed(parser, "GET HTTPS://x:443?q HTTP/1.1\r\nHost: y\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(head.target, (Target{TargetForm::absolute, "/", "q", "HTTPS", {"x", 443}}));
  EXPECT_EQ(head.host, (Host{"x", 443}));  // RFC 9112 §3.2.2
  EXPECT_EQ(head.framing, Framing{Body::chunked});

  head = parsed(parser, "OPTIONS http://x HTTP/1.1\r\nHost: y\r\n\r\n");
  EXPECT_EQ(head.target.path, "*");  // §3.2.4
  head = parsed(parser, "CONNECT [::1]:8 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(head.target, (Target{TargetForm::authority, {}, {}, {}, {"[::1]", 8}}));
  EXPECT_EQ(head.minor, 0u);
  EXPECT_EQ(head.framing, Framing{});
}

TEST(ResponseHead, IsRefusedInWords) {
  const struct {
    std::string head, words;
  } cases[] = {
      {"HTTP/2 200\r\n\r\n", "400 a response that does not begin with HTTP/1"},
      {"ICY 200 OK\r\n\r\n", "400 a response that does not begin with HTTP/1"},
      {"http/1.1 200 OK\r\n\r\n", "400 a response that does not begin with HTTP/1"},
      {"\r\nHTTP/1.1 200 OK\r\n\r\n", "400 a response that does not begin with HTTP/1"},
      {"HTTP/1.x 200 OK\r\n\r\n", "400 a malformed HTTP version"},
      {"HTTP/1.10 200 OK\r\n\r\n", "400 a status line without a blank"},
      {"HTTP/1.1  200 OK\r\n\r\n", "400 a status that is not 100 to 599"},
      {"HTTP/1.1 20 OK\r\n\r\n", "400 a status that is not 100 to 599"},
      {"HTTP/1.1 2000 OK\r\n\r\n", "400 a status that is not 100 to 599"},
      {"HTTP/1.1 +20 OK\r\n\r\n", "400 a status that is not 100 to 599"},
      {"HTTP/1.1 099 OK\r\n\r\n", "400 a status that is not 100 to 599"},
      {"HTTP/1.1 600 OK\r\n\r\n", "400 a status that is not 100 to 599"},
      {"HTTP/1.1 200 O\0K\r\n\r\n"s, "400 a control character in a status line"},
      {"HTTP/1.1 200 OK\n\n", "400 a control character in a status line"},
      {"HTTP/1.1 200 OK\rX\r\n\r\n", "400 a CR without LF in the status line"},
      {"HTTP/1.1 200 OK\r\n a: b\r\n\r\n", "400 a folded field line"},
      {"HTTP/1.1 200 OK\r\na : b\r\n\r\n", "400 a blank between a field name and its colon"},
      {"HTTP/1.1 200 " + many(head_bytes_max, "x"), "431 a head that is too long"},
  };
  for (const auto& [head, words] : cases)
    EXPECT_EQ(outcome<ResponseParser>(head), words) << head.substr(0, 200);
}

TEST(ResponseHead, SaysWhatItSays) {
  const struct {
    std::string head;
    unsigned status;
    std::string reason;
    unsigned minor;
  } cases[] = {
      {"HTTP/1.1 200 OK\r\n\r\n", 200, "OK", 1},
      {"HTTP/1.1 404 not \xe6\x96\x87 here\r\nA: b\r\n\r\n", 404, "not \xe6\x96\x87 here", 1},
      {"HTTP/1.0 599 \r\n\r\n", 599, "", 0},
      {"HTTP/1.3 100\r\n\r\n", 100, "", 1},
  };
  for (const auto& [head, status, reason, minor] : cases) {
    EXPECT_EQ(outcome<ResponseParser>(head), "ok " + std::to_string(head.size()));
    ResponseParser parser;
    ASSERT_TRUE(parser.handle_bytes(bytes_of(head)).value_or(false));
    EXPECT_EQ(parser.head().status, status);
    EXPECT_EQ(parser.head().reason, reason);
    EXPECT_EQ(parser.head().minor, minor);
  }
}

}  // namespace
}  // namespace yam::proto::http
