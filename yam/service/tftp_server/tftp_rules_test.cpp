#include "yam/service/tftp_server/tftp_rules.hpp"

#include <gtest/gtest.h>

#include "yam/base/text.hpp"

namespace yam::service {
namespace {

IpAddress address(const char* text) {
  return IpAddress::parse(text).value();
}
std::vector<Cidr> blocks(std::initializer_list<const char*> texts) {
  std::vector<Cidr> all;
  for (const char* each : texts)
    all.push_back(parse_client_block(each).value());
  return all;
}
TftpRewrite rewrite(std::string_view match, std::string_view with) {
  return TftpRewrite::compile(match, with).value();
}

TEST(TftpRules, LetsInWhoMayAsk) {
  struct Row {
    std::initializer_list<const char*> allow, deny;
    const char* client;
    std::string why;
  };
  const std::string outside = "access denied: the client is in no block that is allowed";
  const Row rows[] = {
      {{}, {}, "192.0.2.1", ""},
      {{}, {}, "fe80::1", ""},
      {{"192.0.2.0/24"}, {}, "192.0.2.1", ""},
      {{"192.0.2.0/24"}, {}, "::ffff:192.0.2.1", ""},
      {{"192.0.2.0/24"}, {}, "192.0.3.1", outside},
      {{"192.0.2.0/24"}, {}, "2001:db8::1", outside},
      {{"10.0.0.0/8", "2001:db8::/32"}, {}, "2001:db8::1", ""},
      {{"0.0.0.0/0"}, {}, "::1", outside},
      {{"::/0"}, {}, "127.0.0.1", outside},
      {{"::/0"}, {}, "::ffff:127.0.0.1", outside},
      {{}, {"10.66.0.0/16"}, "10.66.0.1", "access denied: 10.66.0.0/16 is denied"},
      {{}, {"10.66.0.0/16"}, "::ffff:10.66.0.1", "access denied: 10.66.0.0/16 is denied"},
      {{}, {"10.66.0.0/16"}, "10.67.0.1", ""},
      {{"10.66.0.1"}, {"10.66.0.0/16"}, "10.66.0.1", "access denied: 10.66.0.0/16 is denied"},
      {{"10.0.0.0/8"}, {"10.1.0.0/16", "10.2.3.4"}, "10.2.3.4", "access denied: 10.2.3.4/32 is denied"},
      {{}, {"fe80::/10"}, "fe80::1%3", "access denied: fe80::/10 is denied"},
  };
  for (const Row& each : rows) {
    TftpRules rules;
    rules.allow = blocks(each.allow);
    rules.deny = blocks(each.deny);
    const auto admitted = rules.admit(address(each.client));
    EXPECT_EQ(admitted ? "" : admitted.error().what, each.why) << each.client;
    if (!admitted) {
      EXPECT_EQ(admitted.error().code, Code::refused);
    }
  }
}

TEST(TftpRules, GivesNames) {
  TftpRules rules;
  rules.backslash = rules.lower_case = true;
  rules.rewrites = {rewrite(R"(pxelinux\.cfg/01-(.*))", "by-mac/$1"),
                    rewrite("by-mac/.*", "none"),
                    rewrite("me", "/{ip}.cfg"),
                    rewrite("costs", "$$5"),
                    rewrite("(a)(b)?c", "$2$1$0"),
                    rewrite("up", "../up")};
  struct Row {
    std::string asked, name;
  };
  const Row rows[] = {
      {"a", "a"},
      {"", ""},
      {"//a", "a"},
      {"./a/b", "a/b"},
      {"\\Boot\\X64\\BCD", "boot/x64/bcd"},
      {"ÄÖ.TXT", "ÄÖ.txt"},
      {"/pxelinux.cfg/01-00-11", "by-mac/00-11"},  // the first that fits, and no other
      {"by-mac/x", "none"},
      {"xpxelinux.cfg/01-00", "xpxelinux.cfg/01-00"},  // the whole name, or not at all
      {"me", "192.0.2.7.cfg"},
      {"costs", "$5"},
      {"ac", "aac"},
      {"abc", "baabc"},
      {"up", "../up"},  // for store to refuse
      {"..\\..\\etc\\passwd", "../../etc/passwd"},
      {std::string(512, 'x'), std::string(512, 'x')},
  };
  for (const Row& each : rows) {
    const auto permit = rules.permit(address("192.0.2.7"), each.asked, false, TftpSettings());
    ASSERT_TRUE(permit) << each.asked;
    EXPECT_EQ(permit->name, each.name) << each.asked;
    EXPECT_EQ(permit->folder, "");
  }
  const auto as_it_is = TftpRules().permit(address("::1"), "\\A", false, TftpSettings());
  EXPECT_EQ(as_it_is->name, "\\A");
}

TEST(TftpRules, RefusesNamesBeyondMeasureAndWritesThatAreNotTaken) {
  struct Row {
    std::string name;
    bool write;
    Error error;
  };
  const Row rows[] = {
      {std::string(513, 'x'),
       false,
       {Code::usage, "file name " + yam::quoted(std::string(513, 'x')) + ": it is longer than 512 bytes",
        ""}},
      {"a\nb", false, {Code::usage, R"(file name "a\nb": it has a control character)", ""}},
      {"a\x1b[2J", true, {Code::usage, R"(file name "a\x1b[2J": it has a control character)", ""}},
      {"a", true, {Code::refused, "this server takes no files", ""}},
  };
  for (const Row& each : rows) {
    const auto permit = TftpRules().permit(address("::1"), each.name, each.write, TftpSettings());
    ASSERT_FALSE(permit) << each.name;
    EXPECT_EQ(permit.error(), each.error);
  }
}

TEST(TftpRules, TheFirstRuleForAClientHolds) {
  TftpSettings settings;
  settings.client_folder = "url/{ip}";
  settings.block_bytes_max = 1428;
  TftpRules rules;
  const auto get = [&](const char* client) {
    return rules.permit(address(client), "a", false, settings).value();
  };
  EXPECT_EQ(get("192.0.2.1").folder, "url/192.0.2.1");
  EXPECT_EQ(get("::ffff:192.0.2.1").folder, "url/192.0.2.1");
  EXPECT_EQ(get("fe80::1%3").folder, "url/fe80::1");
  rules.folder = "{ip}";
  EXPECT_EQ(get("2001:db8::1").folder, "2001:db8::1");

  TftpClientRule phones, others;
  phones.clients = blocks({"10.1.0.0/16", "10.2.0.0/16"});
  phones.folder = "phones/{ip}/{ip}";
  phones.block_bytes_max = 512;
  phones.window_max = 1;
  phones.write = WritePolicy::number;
  others.clients = blocks({"10.0.0.0/8"});
  others.block_bytes_max = 65464;
  rules.clients = {phones, others};
  EXPECT_EQ(get("10.2.0.1").folder, "phones/10.2.0.1/10.2.0.1");
  EXPECT_EQ(get("10.2.0.1").settings.block_bytes_max, 512);
  EXPECT_EQ(get("10.2.0.1").settings.window_max, 1);
  EXPECT_EQ(get("10.2.0.1").settings.write, WritePolicy::number);
  EXPECT_EQ(get("10.3.0.1").folder, "10.3.0.1");
  EXPECT_EQ(get("10.3.0.1").settings.block_bytes_max, 1428);  // never more than the service's
  EXPECT_EQ(get("10.3.0.1").settings.window_max, 64);
  EXPECT_EQ(get("192.0.2.1").settings.window_max, 64);
  EXPECT_TRUE(rules.permit(address("10.1.0.1"), "a", true, settings));
  EXPECT_FALSE(rules.permit(address("10.3.0.1"), "a", true, settings));
}

TEST(TftpRules, BlocksAndFoldersAreOnesThatCouldFit) {
  EXPECT_EQ(parse_client_block("10.0.0.1")->to_string(), "10.0.0.1/32");
  EXPECT_EQ(parse_client_block("10.0.0.1/8").error(),
            (Error{Code::usage, R"("10.0.0.1/8" has bits set beyond its prefix)", "write 10.0.0.0/8"}));
  EXPECT_FALSE(parse_client_block("::ffff:10.0.0.0/104"));
  EXPECT_FALSE(parse_client_block("10.0.0.0/33"));
  EXPECT_FALSE(parse_client_block("here"));
  for (const char* good : {"{ip}", "a/{ip}", "a"})
    EXPECT_TRUE(check_client_folder(good)) << good;
  for (const char* bad : {"", "/srv", "..", "a/../b", "./a", "a//b"})
    EXPECT_FALSE(check_client_folder(bad)) << bad;
}

TEST(TftpRewrite, RefusesWhatCannotBeCarriedOut) {
  const std::string no_group = "groups are in parentheses, from 1 on";
  struct Row {
    std::string match, with, what, hint;
  };
  const Row rows[] = {
      {"", "x", "an empty match fits no name", ""},
      {"a", "$1", R"(with "$1": there is no group 1)", no_group},
      {"(a)", "$1$2", R"(with "$1$2": there is no group 2)", no_group},
      {"a", "b$", R"(with "b$": a group follows '$', or another '$')", "write $1, or $$ for a dollar"},
      {"a", "a\nb", R"(with "a\nb": it has a control character)", ""},
      {std::string(257, 'a'), "", "match " + yam::quoted(std::string(257, 'a')) + ": longer than 256 bytes",
       ""},
      {"a", std::string(257, 'b'), "with " + yam::quoted(std::string(257, 'b')) + ": longer than 256 bytes",
       ""},
  };
  for (const Row& each : rows) {
    const auto rule = TftpRewrite::compile(each.match, each.with);
    ASSERT_FALSE(rule) << each.match;
    EXPECT_EQ(rule.error(), (Error{Code::usage, each.what, each.hint}));
  }
  for (const char* broken : {"(", "[a", "*", "a{2,1}", R"((a)\1)", "(((((a{999}){999}){999}){999}){999})"}) {
    const auto rule = TftpRewrite::compile(broken, "");
    ASSERT_FALSE(rule) << broken;
    EXPECT_TRUE(rule.error().what.ends_with("is no regular expression that can be had here"))
        << rule.error().what;
    EXPECT_FALSE(rule.error().hint.empty());
  }
}

// Names are a stranger's: no pattern takes exponential time for one, nor a stack as deep as it is long.
TEST(TftpRewrite, NoNameTakesForEver) {
  const std::string longest(TftpRules::name_bytes_max, 'a');
  for (const char* pattern : {"(a+)+b", "(a|a)*b", "(a|aa)+c", "(.*)*x", "((a*)*)*y"}) {
    const auto rule = TftpRewrite::compile(pattern, "$1").value();
    EXPECT_EQ(rule.apply(longest, "::1"), std::nullopt) << pattern;
  }
  EXPECT_EQ(TftpRewrite::compile("((?:a|b)+)", "$1")->apply(longest, "::1"), longest);
}

}  // namespace
}  // namespace yam::service
