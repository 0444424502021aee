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

TEST(Config, AnEmptyFileLeavesAllToTheDefaults) {
  const auto config = parse_config("", "f");
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->urls.empty());
  EXPECT_FALSE(config->root || config->lan || config->loops);
  EXPECT_EQ(config->limits, ServeLimits());
}

TEST(Config, RefusesWithLineAndHint) {
  struct Case {
    std::string text;
    std::string what;
    std::string hint;
  };
  const Case cases[] = {
      {"\nrot = 1", R"(f:2: no key "rot" in the file)", "did you mean root?"},
      {"colour = 1", R"(f:1: no key "colour" in the file)", "known are root, lan, loops, limits, service"},
      {"root = 3", "f:1: root wants a folder in quotes", ""},
      {"root = ''", "f:1: root wants a folder in quotes", ""},
      {"lan = 'yes'", "f:1: lan wants true or false", ""},
      {"loops = 0", "f:1: loops wants a number from 1 to 1024", ""},
      {"limits = 1", "f:1: limits wants a table: [limits]", ""},
      {"[limits]\n\nidel = '5m'", R"(f:3: no key "idel" in [limits])", "did you mean idle?"},
      {"[limits]\nidle = true", "f:2: idle wants a number, or text in quotes", ""},
      {"[limits]\nmax-files = 0", R"(f:2: max-files: "0" is not a number from 1 to 1000000)", ""},
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
