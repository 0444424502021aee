#include "yam/service/server/config.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(Config, ReadsWhatItSays) {
  const auto config = parse_config(R"(
root = "files"   # of inbox and outbox
lan = true
loops = 2

[limits]
max-connections = 100
max-per-address = 10
idle = "90s"
max-bytes = "1GiB"
max-files = 5
min-rate = "2kB/s"

[[service]]
url = "echo://:7007"

[[service]]
url = "inbox://:8080?name=a"
)",
                                   "f");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->root, "files");
  EXPECT_EQ(config->lan, true);
  EXPECT_EQ(config->loops, 2U);
  EXPECT_EQ(config->urls, (std::vector<std::string>{"echo://:7007", "inbox://:8080?name=a"}));
  ServeLimits limits;
  limits.max_connections = 100;
  limits.max_per_address = 10;
  limits.idle = std::chrono::seconds(90);
  limits.max_bytes = std::uint64_t{1} << 30;
  limits.max_files = 5;
  limits.min_rate = Rate{2000};
  EXPECT_EQ(config->limits, limits);
}

TEST(Config, ReadsTheRulesOfTftp) {
  const auto config = parse_config(R"(
[tftp]
allow = ["10.0.0.0/8", "2001:db8::/32"]
deny = "10.66.0.0/16"
root = "{ip}"
backslash = true
lower-case = true
quota = "10GiB"
rewrite = [{ match = '(.*)\.cfg', with = "cfg/$1" }]

[[tftp.client]]
cidr = "10.3.0.0/16"
blksize = 512
windowsize = 1
[[tftp.client]]
cidr = ["10.0.0.0/8"]
root = "phones/{ip}"
write = "number"
)",
                                   "f");
  ASSERT_TRUE(config) << config.error().what;
  TftpRules rules;
  rules.allow = {Cidr::parse("10.0.0.0/8").value(), Cidr::parse("2001:db8::/32").value()};
  rules.deny = {Cidr::parse("10.66.0.0/16").value()};
  rules.folder = "{ip}";
  rules.backslash = rules.lower_case = true;
  rules.quota_bytes = std::uint64_t{10} << 30;
  rules.rewrites = {TftpRewrite::compile(R"((.*)\.cfg)", "cfg/$1").value()};
  rules.clients.resize(2);
  rules.clients[0].clients = {Cidr::parse("10.3.0.0/16").value()};
  rules.clients[0].block_bytes_max = 512;
  rules.clients[0].window_max = 1;
  rules.clients[1].clients = {rules.allow[0]};
  rules.clients[1].folder = "phones/{ip}";
  rules.clients[1].write = WritePolicy::number;
  EXPECT_EQ(config->tftp, rules);
}

TEST(Config, AnEmptyFileLeavesAllToTheDefaults) {
  const auto config = parse_config("", "f");
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->urls.empty());
  EXPECT_FALSE(config->root || config->lan || config->loops);
  EXPECT_EQ(config->limits, ServeLimits());
  EXPECT_EQ(config->tftp, TftpRules());
}

TEST(Config, RefusesWithLineAndHint) {
  struct Case {
    std::string text;
    std::string what;
    std::string hint;
  };
  const Case cases[] = {
      {"\nrot = 1", R"(f:2: no key "rot" in the file)", "did you mean root?"},
      {"colour = 1", R"(f:1: no key "colour" in the file)",
       "known are root, lan, loops, limits, tftp, service"},
      {"root = 3", "f:1: root wants a folder in quotes", ""},
      {"root = ''", "f:1: root wants a folder in quotes", ""},
      {"lan = 'yes'", "f:1: lan wants true or false", ""},
      {"loops = 0", "f:1: loops wants a number from 1 to 1024", ""},
      {"limits = 1", "f:1: limits wants a table: [limits]", ""},
      {"[limits]\n\nidel = '5m'", R"(f:3: no key "idel" in [limits])", "did you mean idle?"},
      {"[limits]\nidle = true", "f:2: idle wants a number, or text in quotes", ""},
      {"[limits]\nmax-files = 0", R"(f:2: max-files: "0" is not a number from 1 to 1000000)", ""},
      {"tftp = 1", "f:1: tftp wants a table: [tftp]", ""},
      {"[tftp]\nalow = 1", R"(f:2: no key "alow" in [tftp])", "did you mean allow?"},
      {"[tftp]\n\nallow = []", "f:3: allow is empty", "leave it out"},
      {"[tftp]\nallow = 7", "f:2: allow wants blocks of addresses in quotes: \"10.0.0.0/8\"", ""},
      {"[tftp]\ndeny = ['10.0.0.0/8',\n '10.0.0.1/8']",
       R"(f:3: deny: "10.0.0.1/8" has bits set beyond its prefix)", "write 10.0.0.0/8"},
      {"[tftp]\nroot = '/srv'", R"(f:2: root: "/srv" is no folder beneath the service's)",
       "write {ip} or phones/{ip}; the service's own is in its URL, or `root` of the file"},
      {"[tftp]\nroot = 1", "f:2: root wants a folder in quotes", ""},
      {"[tftp]\nbackslash = 'yes'", "f:2: backslash wants true or false", ""},
      {"[tftp]\nquota = '10X'", R"(f:2: quota: "10X" is not a size: the unit "X" is unknown)",
       "write 1536, 64KiB, 1.5MB or 2G; K, M and G are powers of 1024"},
      {"[tftp]\nrewrite = 'a'", "f:2: rewrite wants tables: [[tftp.rewrite]]", ""},
      {"[tftp]\nrewrite = ['a']", "f:2: rewrite wants tables: [[tftp.rewrite]]", ""},
      {"[[tftp.rewrite]]\nmatch = 'a'", "f:1: a rewrite has a match and a with", ""},
      {"[[tftp.rewrite]]\nmatch = 'a'\nto = 'b'", R"(f:3: no key "to" in [[tftp.rewrite]])",
       "known are match, with"},
      {"[[tftp.rewrite]]\nmatch = 'a'\nwith = '$1'", R"(f:1: with "$1": there is no group 1)",
       "groups are in parentheses, from 1 on"},
      {"[[tftp.rewrite]]\nmatch = 'a'\nwith = 1", "f:3: with wants text in quotes", ""},
      {"[[tftp.client]]\nblksize = 512", "f:1: this [[tftp.client]] has no cidr", ""},
      {"[[tftp.client]]\ncidr = '::/0'\nblksize = 7", "f:3: blksize wants a number from 8 to 65464", ""},
      {"[[tftp.client]]\nwindowsize = '1'", "f:2: windowsize wants a number from 1 to 32767", ""},
      {"[[tftp.client]]\nwrite = true", R"(f:2: no way to write "")", "off, new, replace or number"},
      {"[[tftp.client]]\nmtu = 1", R"(f:2: no key "mtu" in [[tftp.client]])",
       "known are cidr, root, write, blksize, windowsize"},
      {"service = 1", "f:1: service wants tables: [[service]]", ""},
      {"[service]\nurl = 'echo://'", "f:1: service wants tables: [[service]]", ""},
      {"[[service]]\nurl = 'echo://'\n[[service]]", "f:3: this [[service]] has no url", ""},
      {"[[service]]\nuri = 'echo://'", R"(f:2: no key "uri" in [[service]])", "did you mean url?"},
      {"[[service]]\nurl = 7", "f:2: url wants a service URL in quotes", ""},
      {"[[service]]\nurl = 'ehco://'", R"(f:2: ehco://: no scheme "ehco" here at column 1)",
       "did you mean echo://?"},
  };
  for (const Case& each : cases) {
    const auto config = parse_config(each.text, "f");
    ASSERT_FALSE(config) << each.text;
    EXPECT_EQ(config.error(), (Error{Code::usage, each.what, each.hint})) << each.text;
  }
  const auto broken = parse_config("a = \n", "f");
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().what.starts_with("f:1: ")) << broken.error().what;
}

TEST(Config, SaysWhichFileCannotBeRead) {
  EXPECT_EQ(read_config("/nowhere/x.toml").error().what,
            "cannot read /nowhere/x.toml: no such file or directory");
}

}  // namespace
}  // namespace yam::service
