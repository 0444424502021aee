#include "yam/service/http_client/http_proxies.hpp"

#include <map>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using Environment = std::map<std::string, std::string>;

Result<HttpProxies> proxies(const Environment& environment) {
  return HttpProxies::from([&](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string chosen(const Environment& environment, const std::string& url) {
  const auto all = proxies(environment);
  if (!all) return all.error().what;
  const auto proxy = all->find(HttpUrl::parse(url)->origin);
  return proxy ? proxy->origin.to_string() + proxy->authorization : "direct";
}

TEST(HttpProxies, AreThoseOfTheEnvironment) {
  EXPECT_EQ(chosen({}, "http://a/"), "direct");
  EXPECT_EQ(chosen({{"http_proxy", "p:3128"}}, "http://a/"), "http://p:3128");
  EXPECT_EQ(chosen({{"http_proxy", "p:3128"}}, "https://a/"), "direct");
  EXPECT_EQ(chosen({{"HTTP_PROXY", "p:3128"}}, "http://a/"), "direct");
  EXPECT_EQ(chosen({{"HTTPS_PROXY", "https://p/"}}, "https://a/"), "https://p");
  EXPECT_EQ(chosen({{"all_proxy", "http://p"}}, "https://a/"), "http://p");
  EXPECT_EQ(chosen({{"all_proxy", "http://p"}, {"https_proxy", ""}}, "https://a/"), "direct");
  EXPECT_EQ(chosen({{"http_proxy", "http://me:a%40b@p:1/"}}, "http://a/"), "http://p:1Basic bWU6YUBi");
  EXPECT_EQ(chosen({{"http_proxy", "socks5://p"}}, "http://a/").substr(0, 41),
            "the proxy in http_proxy cannot be used: s");
  EXPECT_EQ(chosen({{"http_proxy", "http://me:sec%zz@p/"}}, "http://a/"),
            "the proxy in http_proxy has a broken percent-escape");
}

TEST(HttpProxies, HaveExceptions) {
  const auto is_excepted = [](const std::string& exceptions, const std::string& url) {
    return chosen({{"all_proxy", "p"}, {"no_proxy", exceptions}}, url) == "direct";
  };
  EXPECT_TRUE(is_excepted("*", "http://a/"));
  EXPECT_TRUE(is_excepted("x, Example.org", "http://example.org/"));
  EXPECT_TRUE(is_excepted(".example.org", "http://a.example.org/"));
  EXPECT_TRUE(is_excepted("*.example.org", "http://a.example.org/"));
  EXPECT_FALSE(is_excepted("example.org", "http://badexample.org/"));
  EXPECT_TRUE(is_excepted("10.0.0.0/8", "http://10.1.2.3/"));
  EXPECT_TRUE(is_excepted("127.0.0.1", "http://127.0.0.1:8080/"));
  EXPECT_FALSE(is_excepted("0.0.1", "http://127.0.0.1:8080/"));
  EXPECT_TRUE(is_excepted("::1", "http://[::1]/"));
  EXPECT_TRUE(is_excepted("a:8080", "http://a:8080/"));
  EXPECT_FALSE(is_excepted("a:8080", "http://a/"));
  EXPECT_FALSE(is_excepted("", "http://a/"));
  EXPECT_FALSE(is_excepted(".", "http://a/"));
}

}  // namespace
}  // namespace yam::service
