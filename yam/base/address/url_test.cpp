#include "yam/base/address/url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam {
namespace {

Url parsed(std::string_view text) {
  const auto url = Url::parse(text);
  EXPECT_TRUE(url) << text << " -> " << (url ? "" : url.error().what);
  return url.value_or(Url{});
}

TEST(Url, ReadsAndPrints) {
  struct Row {
    std::string_view text;
    std::string_view scheme;
    std::string_view host;
    std::optional<std::uint16_t> port;
    std::string_view path;
    std::string_view target;
    std::string_view printed;
  };
  const Row table[] = {
      {"http://h", "http", "h", {}, "", "/", "http://h"},
      {"HTTP://h:80/", "http", "h", 80, "/", "/", "http://h:80/"},
      {"https://[::1]:8443/a%20b", "https", "::1", 8443, "/a b", "/a%20b", "https://[::1]:8443/a%20b"},
      {"http://h/文 件",
       "http",
       "h",
       {},
       "/文 件",
       "/%E6%96%87%20%E4%BB%B6",
       "http://h/%E6%96%87%20%E4%BB%B6"},
      {"http://h?a=1", "http", "h", {}, "", "/?a=1", "http://h?a=1"},
      {"http://h/a%2Fb?x=%26#top", "http", "h", {}, "/a/b", "/a%2Fb?x=%26", "http://h/a%2Fb?x=%26#top"},
      {"http://h/?#", "http", "h", {}, "/", "/", "http://h/"},
      {"echo://:0", "echo", "", 0, "", "/", "echo://:0"},
      {"echo://", "echo", "", {}, "", "/", "echo://"},
      {"inbox://:8080/srv/in?answer=接收完成", "inbox", "", 8080, "/srv/in",
       "/srv/in?answer=%E6%8E%A5%E6%94%B6%E5%AE%8C%E6%88%90",
       "inbox://:8080/srv/in?answer=%E6%8E%A5%E6%94%B6%E5%AE%8C%E6%88%90"},
      {"tftp://:69//srv", "tftp", "", 69, "//srv", "//srv", "tftp://:69//srv"},
  };
  for (const Row& row : table) {
    const Url url = parsed(row.text);
    EXPECT_EQ(url.scheme, row.scheme) << row.text;
    EXPECT_EQ(url.host, row.host) << row.text;
    EXPECT_EQ(url.port, row.port) << row.text;
    EXPECT_EQ(url.path, row.path) << row.text;
    EXPECT_EQ(url.target(), row.target) << row.text;
    EXPECT_EQ(url.to_string(), row.printed) << row.text;
    EXPECT_EQ(parsed(url.to_string()), url) << row.text;
  }
}

TEST(Url, DecodesTheQuery) {
  const Url url = parsed("inbox://:1/d?name=a%26b&&flag&name=c+d");
  const std::vector<Option> query = {{"name", "a&b"}, {"flag", ""}, {"name", "c+d"}};
  EXPECT_EQ(url.query, query);
  EXPECT_EQ(url.option("name"), "a&b");
  EXPECT_EQ(url.option("root"), std::nullopt);
}

TEST(Url, RefusesWrongForms) {
  struct Row {
    std::string text;
    std::string what;
    std::string hint;
  };
  const std::string form = "write SCHEME://HOST:PORT/PATH";
  const Row table[] = {
      {"", "nothing is written at column 1", ""},
      {"h:80", "h:80: no scheme at column 1", form},
      {"://h", "://h: no scheme at column 1", form},
      {"ht tp://h", "ht tp://h: \" \" cannot stand in a scheme at column 3", ""},
      {"htp://h", "htp://h: no scheme \"htp\" here at column 1", "did you mean http://?"},
      {"gopher://h", "gopher://h: no scheme \"gopher\" here at column 1", "known are http://, tftp://"},
      {"http://h:99999/", "http://h:99999/: \"99999\" is not a port: the largest is 65535 at column 10", ""},
      {"http://u:p@h/", "http://u:p@h/: a user name has no place before a host at column 11", ""},
      {"http://h/@", "", ""},
      {"http://::1/", "http://::1/: an IPv6 address needs brackets at column 8", "write [::1]:PORT"},
      {"http://h/%zz", "http://h/%zz: \"%zz\" is no percent-escape at column 10",
       "write %25 for a percent sign"},
      {"http://h/?q=%", "http://h/?q=%: \"%\" is no percent-escape at column 13",
       "write %25 for a percent sign"},
      {"http://h/?=a", "http://h/?=a: an option without a name at column 11", ""},
      {"http://h/#%00", "http://h/#%00: a NUL byte (%00) cannot stand at column 11", ""},
      {"http://h/\r\n", "http://h/\\r\\n: control character \\r cannot stand at column 10",
       "write it as a percent-escape, %0A for a line end"},
  };
  const std::string_view schemes[] = {"http", "tftp"};
  for (const Row& row : table) {
    const auto url = Url::parse(row.text, schemes);
    ASSERT_EQ(url.has_value(), row.what.empty()) << row.text;
    if (url) continue;
    EXPECT_EQ(url.error().code, Code::usage);
    EXPECT_EQ(url.error().what, row.what);
    EXPECT_EQ(url.error().hint, row.hint) << row.text;
  }
  EXPECT_EQ(parsed("http://" + std::string(10, 'h') + "/" + std::string(8174, 'a')).path.size(), 8175U);
  EXPECT_FALSE(Url::parse("http://" + std::string(10, 'h') + "/" + std::string(8175, 'a')));
}

TEST(Url, AnswersEveryBeginningOfAText) {
  const std::string_view text = "https://[fe80::1%25eth0]:443/a%20b/文?x=1&y=%41&z#frag%20ment";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto url = Url::parse(text.substr(0, size));
    if (!url) continue;
    EXPECT_EQ(Url::parse(url->to_string()), url) << text.substr(0, size);
  }
}

}  // namespace
}  // namespace yam
