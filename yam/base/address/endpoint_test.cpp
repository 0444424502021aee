#include "yam/base/address/endpoint.hpp"

#include <span>
#include <string>

#include <gtest/gtest.h>

namespace yam {
namespace {

Endpoint parsed(std::string_view text, Side side = Side::calling) {
  const auto endpoint = Endpoint::parse(text, side);
  EXPECT_TRUE(endpoint) << text << " -> " << (endpoint ? "" : endpoint.error().what);
  return endpoint.value_or(Endpoint{});
}

struct Accepted {
  std::string_view text;
  Scheme scheme;
  std::string_view host;
  std::uint16_t port;
  std::string_view path;
  std::string_view printed;
};

TEST(Endpoint, ReadsEachForm) {
  const Accepted table[] = {
      {"tcp://example.org:80", Scheme::tcp, "example.org", 80, "", "tcp://example.org:80"},
      {"TCP://h:1", Scheme::tcp, "h", 1, "", "tcp://h:1"},
      {"localhost:7007", Scheme::tcp, "localhost", 7007, "", "tcp://localhost:7007"},
      {":7007", Scheme::tcp, "", 7007, "", "tcp://:7007"},
      {"[::1]:80", Scheme::tcp, "::1", 80, "", "tcp://[::1]:80"},
      {"udp://[::ffff:192.0.2.1]:65535", Scheme::udp, "::ffff:192.0.2.1", 65535, "",
       "udp://[::ffff:192.0.2.1]:65535"},
      {"[fe80::1%eth0]:9", Scheme::tcp, "fe80::1%eth0", 9, "", "tcp://[fe80::1%eth0]:9"},
      {"[fe80::1%25eth0]:9", Scheme::tcp, "fe80::1%eth0", 9, "", "tcp://[fe80::1%eth0]:9"},
      {"[fe80::1%2525a]:9", Scheme::tcp, "fe80::1%25a", 9, "", "tcp://[fe80::1%2525a]:9"},
      {"tcp://例え.jp:1", Scheme::tcp, "例え.jp", 1, "", "tcp://例え.jp:1"},
      {"ws://h", Scheme::ws, "h", 80, "/", "ws://h/"},
      {"wss://h/chat?room=1&x=a%20b", Scheme::wss, "h", 443, "/chat?room=1&x=a%20b",
       "wss://h/chat?room=1&x=a%20b"},
      {"ws://h:8080/聊 天", Scheme::ws, "h", 8080, "/%E8%81%8A%20%E5%A4%A9",
       "ws://h:8080/%E8%81%8A%20%E5%A4%A9"},
      {"ws://h?a=1", Scheme::ws, "h", 80, "/?a=1", "ws://h/?a=1"},
      {"unix:/run/a.sock", Scheme::unix_stream, "", 0, "/run/a.sock", "unix:/run/a.sock"},
      {"unix:///run/a.sock", Scheme::unix_stream, "", 0, "/run/a.sock", "unix:/run/a.sock"},
      {"unix:////run", Scheme::unix_stream, "", 0, "//run", "unix:////run"},
      {"unix:@name", Scheme::unix_stream, "", 0, "@name", "unix:@name"},
      {"unix:%40name", Scheme::unix_stream, "", 0, "./@name", "unix:./@name"},
      {"unixgram:a%3Fb", Scheme::unix_datagram, "", 0, "a?b", "unixgram:a%3Fb"},
      {"exec:sort -t: -k2 'a?b' %41", Scheme::exec, "", 0, "sort -t: -k2 'a?b' %41",
       "exec:sort -t: -k2 'a?b' %41"},
      {"file:/tmp/100%25", Scheme::file, "", 0, "/tmp/100%", "file:/tmp/100%25"},
      {"file:文 件", Scheme::file, "", 0, "文 件", "file:文 件"},
      {"file:line%0Aend", Scheme::file, "", 0, "line\nend", "file:line%0Aend"},
      {"file:@a", Scheme::file, "", 0, "@a", "file:@a"},
      {"-", Scheme::stdio, "", 0, "", "-"},
  };
  for (const Accepted& row : table) {
    const Endpoint endpoint = parsed(row.text);
    EXPECT_EQ(endpoint.scheme, row.scheme) << row.text;
    EXPECT_EQ(endpoint.side, Side::calling) << row.text;
    EXPECT_EQ(endpoint.host, row.host) << row.text;
    EXPECT_EQ(endpoint.port, row.port) << row.text;
    EXPECT_EQ(endpoint.path, row.path) << row.text;
    EXPECT_EQ(endpoint.to_string(), row.printed) << row.text;
    EXPECT_EQ(parsed(endpoint.to_string()), endpoint) << row.text;
  }
}

TEST(Endpoint, ListenInFrontTurnsTheSide) {
  const Endpoint endpoint = parsed("listen:tcp://:0", Side::calling);
  EXPECT_EQ(endpoint.side, Side::listening);
  EXPECT_EQ(endpoint.port, 0);
  EXPECT_EQ(parsed(endpoint.to_string(), Side::listening), endpoint);
  EXPECT_EQ(parsed("listen::7007", Side::listening).port, 7007);
  EXPECT_EQ(parsed("listen:unix:/a?mode=600").option("mode"), "600");
}

TEST(Endpoint, KeepsOptionsInOrder) {
  const Endpoint endpoint = parsed("tls://h:443?verify=none&sni=a%26b&bind=::1");
  const std::vector<Option> options = {{"verify", "none"}, {"sni", "a&b"}, {"bind", "::1"}};
  EXPECT_EQ(endpoint.options, options);
  EXPECT_EQ(endpoint.option("sni"), "a&b");
  EXPECT_EQ(endpoint.option("alpn"), std::nullopt);
  EXPECT_EQ(endpoint.to_string(), "tls://h:443?verify=none&sni=a%26b&bind=::1");
  EXPECT_EQ(parsed(endpoint.to_string()), endpoint);
  EXPECT_EQ(parsed("file:a?append").option("append"), "yes");
  EXPECT_EQ(parsed("file:a?append").to_string(), "file:a?append=yes");
}

TEST(Endpoint, ReadsATimeoutWithItsUnit) {
  EXPECT_EQ(parsed("h:1?timeout=1.5s").option("timeout"), "1.5s");
  const auto refused = Endpoint::parse("h:1?timeout=soon", Side::calling);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().what.ends_with(" at column 13")) << refused.error().what;
}

struct Refused {
  std::string text;
  std::string what;
  std::string hint;
  Side side = Side::calling;
};

void expect_refusals(std::span<const Refused> table) {
  for (const Refused& row : table) {
    const auto endpoint = Endpoint::parse(row.text, row.side);
    ASSERT_FALSE(endpoint) << row.text;
    EXPECT_EQ(endpoint.error().code, Code::usage) << row.text;
    EXPECT_EQ(endpoint.error().what, row.what);
    EXPECT_EQ(endpoint.error().hint, row.hint) << row.text;
  }
}

TEST(Endpoint, RefusesWrongForms) {
  const std::string range = "a port is a number from 1 to 65535";
  const Refused table[] = {
      {"", "nothing is written at column 1", ""},
      {"localhost", "localhost: no port at column 10", "write localhost:PORT"},
      {"80", "80: no port at column 3", "for port 80 write :80"},
      {"tcp://", "tcp://: no port at column 7", "write HOST:PORT"},
      {"tcp://[::1]", "tcp://[::1]: no port at column 12", "write [::1]:PORT"},
      {"tcp://h:", "tcp://h:: no port after the colon at column 9", range},
      {"tcp://h:0", "tcp://h:0: port 0 cannot be called at column 9", range},
      {"tcp://h:65536", "tcp://h:65536: \"65536\" is not a port: the largest is 65535 at column 9", ""},
      {"h:99999999999999999999",
       "h:99999999999999999999: \"99999999999999999999\" is not a port: the largest is 65535 at column 3",
       ""},
      {"h:http", "h:http: \"http\" is not a port: it must be a number from 0 to 65535 at column 3",
       "http is port 80"},
      {"h:0080", "h:0080: \"0080\" is not a port: it has a leading zero at column 3", ""},
      {"h:-1", "h:-1: \"-1\" is not a port: it must be a number from 0 to 65535 at column 3", ""},
      {"h:80 ", "h:80 : \"80 \" is not a port: it must be a number from 0 to 65535 at column 3", ""},
      {"例え:x", "例え:x: \"x\" is not a port: it must be a number from 0 to 65535 at column 4", ""},
      {"::1:80", "::1:80: an IPv6 address needs brackets at column 1", "write [::1]:80"},
      {"tcp://fe80::a", "tcp://fe80::a: an IPv6 address needs brackets at column 7", "write [fe80::a]:PORT"},
      {"a:b:c", "a:b:c: an IPv6 address needs brackets at column 1", "write [a:b:c]:PORT"},
      {"[::1:80", "[::1:80: no ']' closes this bracket at column 1", ""},
      {"[::1]80", "[::1]80: only a colon and a port may follow ']' at column 6", ""},
      {"[h]:80", "[h]:80: \"h\" is no IPv6 address at column 2", "only IPv6 addresses go in brackets"},
      {"[::1::2]:80", "[::1::2]:80: \"::1::2\" is no IPv6 address at column 2",
       "only IPv6 addresses go in brackets"},
      {"[1.2.3.4]:80", "[1.2.3.4]:80: \"1.2.3.4\" is no IPv6 address at column 2",
       "only IPv6 addresses go in brackets"},
      {"[fe80::1%]:80", "[fe80::1%]:80: no interface after '%' at column 10", ""},
      {"tcp://me@h:80", "tcp://me@h:80: a user name has no place before a host at column 9", ""},
      {"tcp://a b:80", "tcp://a b:80: \" \" cannot stand in a host at column 8", ""},
      {"--x:80", "--x:80: a host cannot begin with '-' at column 1", ""},
      {"tcp://h:80/", "tcp://h:80/: tcp:// takes no path at column 11", ""},
      {"tcp:h:80", "tcp:h:80: tcp: needs two slashes at column 1", "write tcp://h:80"},
      {"tpc://h:80", "tpc://h:80: no scheme \"tpc\" at column 1", "did you mean tcp://?"},
      {"unx:/tmp/x", "unx:/tmp/x: no scheme \"unx\" at column 1", "did you mean unix:?"},
      {"gopher://h:80", "gopher://h:80: no scheme \"gopher\" at column 1",
       "an endpoint is tcp://, udp://, tls://, ws://, wss://, unix:, unixgram:, exec:, file: or -"},
      {"http://h", "http://h: http:// is a service, no endpoint at column 1",
       "'yam serve' hosts it, 'yam get' or 'yam chat' call it"},
      {"ws://h/#a", "ws://h/#a: a WebSocket address has no fragment at column 8",
       "write %23 for a number sign"},
      {"unix:", "unix:: no path at column 6", ""},
      {"unix:@", "unix:@: no name after '@' at column 7", ""},
      {"unix://tmp/x", "unix://tmp/x: a host has no place before a path at column 6", "write unix:tmp/x"},
      {"unix:a%00b", "unix:a%00b: a NUL byte (%00) cannot stand at column 7", ""},
      {"file:100%", "file:100%: \"%\" is no percent-escape at column 9", "write %25 for a percent sign"},
      {"file:%4x", "file:%4x: \"%4x\" is no percent-escape at column 6", "write %25 for a percent sign"},
      {"exec: ", "exec: : no command at column 6", ""},
      {"-?a=b", "-?a=b: - takes no options at column 2", ""},
      {"listen:", "listen:: no endpoint after 'listen:' at column 8", ""},
      {"listen:listen::80", "listen:listen::80: 'listen:' stands twice at column 8", ""},
      {"listen:-", "listen:-: - cannot listen at column 8", ""},
      {"exec:cat", "exec:cat: exec: cannot listen at column 1", "", Side::listening},
      {"file:a", "file:a: file: cannot listen at column 1", "", Side::listening},
      {std::string("h\0:80", 5), "h\\x00:80: a NUL byte cannot stand at column 2", ""},
      {"h:80\n", "h:80\\n: control character \\n cannot stand at column 5",
       "write it as a percent-escape, %0A for a line end"},
  };
  expect_refusals(table);
}

TEST(Endpoint, RefusesWrongOptions) {
  const std::string tls = "tls knows bind, source-port, timeout, verify, sni, alpn, ca, cert, key, pin";
  const std::string tcp = "tcp knows bind, source-port, timeout";
  const Refused table[] = {
      {"tls://h:1?verfy=none", "tls://h:1?verfy=none: no option \"verfy\" at column 11",
       "did you mean 'verify'? " + tls},
      {"tcp://h:1?verify=none", "tcp://h:1?verify=none: no option \"verify\" at column 11", tcp},
      {"h:1?bind=a&bind=b", "h:1?bind=a&bind=b: option \"bind\" stands twice at column 12", ""},
      {"h:1?", "h:1?: an option without a name at column 5", ""},
      {"h:1?=a", "h:1?=a: an option without a name at column 5", ""},
      {"h:1?bind=a&", "h:1?bind=a&: an option without a name at column 12", ""},
      {"h:1?bind", "h:1?bind: option \"bind\" needs a value at column 5", ""},
      {"h:1?bind=", "h:1?bind=: option \"bind\" needs a value at column 10", ""},
      {"h:1?bind=a%0Ab", "h:1?bind=a%0Ab: a control character in option \"bind\" at column 10", ""},
      {"h:1?source-port=x",
       "h:1?source-port=x: \"x\" is not a port: it must be a number from 0 to 65535 at column 17", ""},
      {"h:1?source-port=0", "h:1?source-port=0: port 0 cannot be chosen at column 17",
       "leave source-port out for any port"},
      {"tls://h:1?verify=no", "tls://h:1?verify=no: verify is peer or none, not \"no\" at column 18", ""},
      {"tls://h:1?client-ca=f", "tls://h:1?client-ca=f: option \"client-ca\" is for listening at column 11",
       tls},
      {"h:1?bind=a", "h:1?bind=a: option \"bind\" is for calling at column 5", "tcp knows no options",
       Side::listening},
      {"unix:a?mode=888", "unix:a?mode=888: \"888\" is no permission at column 13",
       "write it in octal: 600, 660, 666", Side::listening},
      {"unix:a?mode=600", "unix:a?mode=600: option \"mode\" is for listening at column 8",
       "unix knows no options"},
      {"file:a?append=maybe", "file:a?append=maybe: append is yes or no, not \"maybe\" at column 15", ""},
  };
  expect_refusals(table);
}

TEST(Endpoint, HasNamedLimits) {
  const std::string host(253, 'a');
  EXPECT_EQ(parsed(host + ":1").host, host);
  EXPECT_EQ(Endpoint::parse(host + "a:1", Side::calling).error().what,
            std::string(80, 'a') + "…: a host of more than 253 bytes at column 254");
  EXPECT_EQ(parsed("unix:" + std::string(107, 'a')).path.size(), unix_path_bytes_max);
  EXPECT_EQ(
      Endpoint::parse("unix:" + std::string(108, 'a'), Side::calling).error().what,
      "unix:" + std::string(75, 'a') + "…: a socket's path has at most 107 bytes, this one 108 at column 6");
  EXPECT_EQ(parsed("exec:" + std::string(4091, 'a')).path.size(), 4091U);
  EXPECT_EQ(Endpoint::parse("exec:" + std::string(4092, 'a'), Side::calling).error().what,
            "exec:" + std::string(75, 'a') + "…: longer than 4096 bytes at column 4097");
}

// Whatever the text is cut down to, the answer is an endpoint that reads back or a fault in one line.
TEST(Endpoint, AnswersEveryBeginningOfAText) {
  const std::string_view texts[] = {"listen:tls://[fe80::1%25eth0]:443?verify=none&alpn=h2",
                                    "wss://例え.jp:8443/a%20b?c=%E4", "unixgram:%40a%3Fb?bind=/tmp/x",
                                    "exec:cat -"};
  for (const std::string_view text : texts) {
    for (std::size_t size = 0; size <= text.size(); ++size) {
      const auto endpoint = Endpoint::parse(text.substr(0, size), Side::calling);
      if (endpoint) {
        EXPECT_EQ(Endpoint::parse(endpoint->to_string(), endpoint->side), endpoint) << text.substr(0, size);
      } else {
        EXPECT_EQ(endpoint.error().what.find('\n'), std::string::npos);
        EXPECT_NE(endpoint.error().what.find(" at column "), std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace yam
