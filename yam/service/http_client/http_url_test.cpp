#include "yam/service/http_client/http_url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

std::string parsed(const std::string& text) {
  const auto url = HttpUrl::parse(text);
  return url ? url->to_string() : url.error().what;
}

TEST(HttpUrl, IsReadInOneWay) {
  EXPECT_EQ(parsed("HTTP://Example.ORG"), "http://example.org/");
  EXPECT_EQ(parsed("https://a:443/b%20c?d=e#f"), "https://a/b%20c?d=e");
  EXPECT_EQ(parsed("http://a:443/"), "http://a:443/");
  EXPECT_EQ(parsed("http://[::1]:80/x"), "http://[::1]/x");
  EXPECT_EQ(parsed("http://a/b/../c/./d/.."), "http://a/c/");
  EXPECT_EQ(parsed("http://a/../../x"), "http://a/x");
  EXPECT_EQ(parsed("http://a/b/%2e%2E/x"), "http://a/x");
  EXPECT_EQ(parsed("http://a/空 格"), "http://a/%E7%A9%BA%20%E6%A0%BC");
  EXPECT_EQ(parsed("http://:8080/x"), "http://localhost:8080/x");
  EXPECT_EQ(parsed("http://a:0/"), "http://a:0/: port 0 cannot be called");
  EXPECT_EQ(parsed("ftp://a/").substr(0, 29), "ftp://a/: no scheme \"ftp\" her");
  EXPECT_FALSE(HttpUrl::parse("http://user:secret@a/"));
}

TEST(HttpUrl, SaysWhomToAsk) {
  EXPECT_EQ(HttpUrl::parse("http://a:80/")->origin.authority(), "a");
  EXPECT_EQ(HttpUrl::parse("http://a:80/")->origin.authority(true), "a:80");
  EXPECT_EQ(HttpUrl::parse("https://[FE80::1%25lo]:8443/")->origin.authority(), "[fe80::1]:8443");
  EXPECT_TRUE(HttpUrl::is_http("HTTPS://x"));
  EXPECT_FALSE(HttpUrl::is_http("tftp://x"));
}

TEST(HttpUrl, ResolvesReferences) {
  const HttpUrl base = *HttpUrl::parse("http://a:81/b/c/d?q#f");
  const struct {
    std::string reference, leads_to;
  } cases[] = {
      {"g", "http://a:81/b/c/g"},
      {"./g/", "http://a:81/b/c/g/"},
      {"/g", "http://a:81/g"},
      {"//g/h", "http://g/h"},
      {"?y", "http://a:81/b/c/d?y"},
      {"", "http://a:81/b/c/d?q"},
      {"#s", "http://a:81/b/c/d?q"},
      {"../g", "http://a:81/b/g"},
      {"../../../g", "http://a:81/g"},
      {"https://x/y", "https://x/y"},
      {"g:h", ""},
      {"ftp://x/", ""},
      {"javascript:alert(1)", ""},
      {"a b", "http://a:81/b/c/a%20b"},
      {"g?y/./x", "http://a:81/b/c/g?y/./x"},
      {"http://u:p@x/", ""},
      {"./a:b", "http://a:81/b/c/a:b"},
  };
  for (const auto& [reference, leads_to] : cases) {
    const auto url = base.resolve(reference);
    EXPECT_EQ(url ? url->to_string() : "", leads_to) << reference;
  }
}

TEST(HttpUrl, NamesAFileThatStaysHere) {
  const auto name = [](const std::string& text) {
    const auto local = HttpUrl::parse(text)->local_name();
    return local ? *local : local.error().what;
  };
  EXPECT_EQ(name("http://a"), "index.html");
  EXPECT_EQ(name("http://a/b/"), "index.html");
  EXPECT_EQ(name("http://a/b%20c?d"), "b c");
  EXPECT_EQ(name("http://a/b%2Fc"), "b_c");
  EXPECT_EQ(name("http://a/..%2F..%2Fc"), ".._.._c");
  EXPECT_EQ(name("http://a/b%0Ac"), "b_c");
  EXPECT_EQ(name("http://a/%E6%96%87"), "文");
  EXPECT_NE(name("http://a/x.part").find(".part"), std::string::npos);
  EXPECT_FALSE(clean_name(".."));
  EXPECT_FALSE(clean_name(""));
  EXPECT_FALSE(clean_name(std::string(256, 'a')));
}

}  // namespace
}  // namespace yam::service
