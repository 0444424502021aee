#include "yam/service/http_client/cookie_jar.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using proto::http::Date;

const Date now = Date(std::chrono::seconds(1'700'000'000));

std::string kept(const std::string& from, const std::string& cookie, const std::string& to,
                 Date later = now) {
  CookieJar jar;
  jar.handle_set_cookie(*HttpUrl::parse(from), cookie, now);
  return jar.cookies_for(*HttpUrl::parse(to), later);
}

TEST(CookieJar, SendsThemWhereTheyBelong) {
  EXPECT_EQ(kept("http://a/", "x=1", "http://a/b"), "x=1");
  EXPECT_EQ(kept("http://a/", " x = \"1 2\" ;", "https://a:8080/b"), "x=\"1 2\"");
  EXPECT_EQ(kept("http://a/", "x=1", "http://b/"), "");
  EXPECT_EQ(kept("http://a.b.c/", "x=1", "http://z.a.b.c/"), "");
  EXPECT_EQ(kept("http://a.b.c/", "x=1; Domain=.B.c", "http://d.b.c/"), "x=1");
  EXPECT_EQ(kept("http://a.b.c/", "x=1; domain=c", "http://d.c/"), "");
  EXPECT_EQ(kept("http://a.b.c/", "x=1; domain=other.c", "http://other.c/"), "");
  EXPECT_EQ(kept("http://ab.c/", "x=1; domain=b.c", "http://b.c/"), "");
  EXPECT_EQ(kept("http://127.0.0.1/", "x=1; domain=0.0.1", "http://1.0.0.1/"), "");
  EXPECT_EQ(kept("http://a/b/c", "x=1", "http://a/b/d"), "x=1");
  EXPECT_EQ(kept("http://a/b/c", "x=1", "http://a/bb"), "");
  EXPECT_EQ(kept("http://a/b/c", "x=1; Path=/", "http://a/z"), "x=1");
  EXPECT_EQ(kept("https://a/", "x=1; secure", "http://a/"), "");
  EXPECT_EQ(kept("https://a/", "x=1; secure", "https://a/"), "x=1");
  EXPECT_EQ(kept("http://a/", "nothing", "http://a/"), "");
  EXPECT_EQ(kept("http://a/", "x=" + std::string(5000, 'y'), "http://a/"), "");
}

TEST(CookieJar, LetsThemExpire) {
  using std::chrono::seconds;
  EXPECT_EQ(kept("http://a/", "x=1; Max-Age=10", "http://a/", now + seconds(9)), "x=1");
  EXPECT_EQ(kept("http://a/", "x=1; Max-Age=10", "http://a/", now + seconds(10)), "");
  EXPECT_EQ(kept("http://a/", "x=1; Max-Age=-1", "http://a/"), "");
  EXPECT_EQ(kept("http://a/", "x=1; expires=Sun, 06 Nov 1994 08:49:37 GMT", "http://a/"), "");
  EXPECT_EQ(kept("http://a/", "x=1; max-age=5; expires=Sun, 06 Nov 1994 08:49:37 GMT", "http://a/"), "x=1");
}

TEST(CookieJar, ReplacesAndOrders) {
  CookieJar jar;
  const HttpUrl url = *HttpUrl::parse("http://a/b/c");
  jar.handle_set_cookie(url, "x=1; path=/", now);
  jar.handle_set_cookie(url, "y=2", now);
  jar.handle_set_cookie(url, "x=3; path=/", now);
  EXPECT_EQ(jar.cookies_for(url, now), "y=2; x=3");
  jar.handle_set_cookie(url, "y=; max-age=0", now);
  EXPECT_EQ(jar.cookies_for(url, now), "x=3");
  for (std::size_t i = 0; i < 2 * CookieJar::cookies_max; ++i)
    jar.handle_set_cookie(url, "n" + std::to_string(i) + "=v", now);
  EXPECT_EQ(jar.cookies_for(url, now).find("x=3"), std::string::npos);
}

}  // namespace
}  // namespace yam::service
