#include "yam/store/state.hpp"

#include <atomic>
#include <cstdlib>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

// HOME and XDG_STATE_HOME as a test sets them, and as they were when it ends.
class StateTest : public testing::Test {
 protected:
  StateTest() {
    for (const auto& [name, value] : before_)
      ::unsetenv(name);
  }
  ~StateTest() override {
    for (const auto& [name, value] : before_) {
      if (value)
        ::setenv(name, value->c_str(), 1);
      else
        ::unsetenv(name);
    }
  }

  static std::pair<const char*, std::optional<std::string>> remembered(const char* name) {
    const char* value = std::getenv(name);
    return {name, value != nullptr ? std::optional<std::string>(value) : std::nullopt};
  }

  TemporaryFolder here_;
  std::pair<const char*, std::optional<std::string>> before_[2] = {remembered("HOME"),
                                                                   remembered("XDG_STATE_HOME")};
};

TEST_F(StateTest, LiesInTheStateFolderOfTheUser) {
  ::setenv("HOME", here_.path("home").c_str(), 1);
  EXPECT_EQ(state_folder().value(), here_.path("home/.local/state/yam"));
  for (const std::string step : {"home", "home/.local", "home/.local/state", "home/.local/state/yam"})
    EXPECT_EQ(mode_of(here_.path(step)), 0700U) << step;
  EXPECT_EQ(state_folder().value(), here_.path("home/.local/state/yam"));

  ::setenv("XDG_STATE_HOME", here_.path("xdg").c_str(), 1);
  EXPECT_EQ(state_folder().value(), here_.path("xdg/yam"));
  EXPECT_EQ(mode_of(here_.path("xdg/yam")), 0700U);

  ::setenv("XDG_STATE_HOME", "relative", 1);
  EXPECT_EQ(state_folder().value(), here_.path("home/.local/state/yam"));
}

TEST_F(StateTest, SaysWhyThereIsNoFolder) {
  const Error homeless{Code::local, "no folder for keys and state: HOME is not set to an absolute path",
                       "set HOME, or XDG_STATE_HOME"};
  EXPECT_EQ(state_folder().error(), homeless);
  ::setenv("HOME", "", 1);
  EXPECT_EQ(state_folder().error(), homeless);

  here_.put("file", "");
  ::setenv("XDG_STATE_HOME", here_.path("file").c_str(), 1);
  const Error blocked{Code::local, "cannot create " + here_.path("file/yam") + ": not a directory", ""};
  EXPECT_EQ(state_folder().error(), blocked);

  here_.put("yam", "");
  ::setenv("XDG_STATE_HOME", here_.path().c_str(), 1);
  const Error file{Code::local, "cannot use " + here_.path("yam") + ": it is not a directory", ""};
  EXPECT_EQ(state_folder().error(), file);

  here_.make_folder("open/yam");
  ::chmod(here_.path("open/yam").c_str(), 0777);
  ::setenv("XDG_STATE_HOME", here_.path("open").c_str(), 1);
  const Error shared{Code::local, "cannot use " + here_.path("open/yam") + ": others may write to it",
                     "chmod 700 " + here_.path("open/yam")};
  EXPECT_EQ(state_folder().error(), shared);
}

TEST_F(StateTest, PrivateFilesAreReadBack) {
  const std::string path = here_.path("identity.pem");
  EXPECT_EQ(read_private_file(path).value(), std::nullopt);
  for (const std::string content : {"a key", "", "\r\n\xff"}) {
    ASSERT_TRUE(write_private_file(path, bytes_of(content)).has_value());
    EXPECT_EQ(string_of(read_private_file(path).value().value()), content);
  }
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(here_.names(), std::set<std::string>{"identity.pem"});

  const Bytes large(private_bytes_max, std::byte{'x'});
  ASSERT_TRUE(write_private_file(path, large).has_value());
  EXPECT_EQ(read_private_file(path).value().value(), large);
}

TEST_F(StateTest, WhatIsNotPrivateIsNotRead) {
  const std::string path = here_.path("key");
  here_.put("key", "secret");
  ::chmod(path.c_str(), 0640);
  const Error open{Code::local, "cannot read " + path + ": it is private, but others may use it",
                   "chmod 600 " + path};
  EXPECT_EQ(read_private_file(path).error(), open);

  ::chmod(path.c_str(), 0600);
  ASSERT_EQ(::truncate(path.c_str(), private_bytes_max + 1), 0);
  const Error large{Code::local, "cannot read " + path + ": it is larger than 1048576 bytes", ""};
  EXPECT_EQ(read_private_file(path).error(), large);

  ASSERT_EQ(::mkfifo(here_.path("pipe").c_str(), 0600), 0);
  for (const std::string name : {"", "pipe"}) {
    const Error other{Code::local, "cannot read " + here_.path(name) + ": it is not a file", ""};
    EXPECT_EQ(read_private_file(here_.path(name)).error(), other);
  }
}

TEST_F(StateTest, OfSeveralMakersOneWinsAndNothingStaysBehind) {
  const std::string path = here_.path("identity.pem");
  std::vector<std::thread> makers;
  std::atomic<int> won = 0;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 4; ++i)
    makers.emplace_back([&, i] {
      const auto written = write_private_file(path, bytes_of(std::to_string(i)), IfExists::refuse);
      won += written.has_value();
      refused += !written && written.error().code == Code::refused;
    });
  for (auto& maker : makers)
    maker.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(here_.names(), std::set<std::string>{"identity.pem"});
}

TEST_F(StateTest, SaysWhyItCannotWrite) {
  const auto written = write_private_file(here_.path("none/key"), bytes_of("x"));
  const Error expected{Code::local,
                       "cannot open folder " + here_.path("none/") + ": no such file or directory", ""};
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error(), expected);
}

}  // namespace
}  // namespace yam::store
