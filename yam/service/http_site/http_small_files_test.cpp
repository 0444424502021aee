#include "yam/service/http_site/http_small_files.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

class HttpSmallFilesTest : public testing::Test {
 protected:
  // Asks for a file so long after now.
  void ask(const std::string& name, std::chrono::seconds later) {
    const auto file = folder_.open_file(name);
    ASSERT_TRUE(file);
    files_.note(name, *file, std::chrono::system_clock::now() + later);
  }
  void keep(const std::string& name) {
    ask(name, std::chrono::hours(1));
    ask(name, std::chrono::hours(1));
  }

  store::TemporaryFolder home_;
  store::Folder folder_ = store::Folder::open(home_.path()).value();
  HttpSmallFiles files_;
};

TEST_F(HttpSmallFilesTest, GivesWhatWasAskedForTwice) {
  home_.put("a", "content");
  ask("a", std::chrono::hours(1));
  EXPECT_EQ(files_.find(folder_, "a"), nullptr);
  ask("a", std::chrono::hours(1));
  const auto* kept = files_.find(folder_, "a");
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(*kept->content, "content");
}

TEST_F(HttpSmallFilesTest, KeepsNothingThatChangedAMomentAgo) {
  home_.put("a", "1");
  ask("a", std::chrono::seconds(0));
  ask("a", std::chrono::seconds(0));
  EXPECT_EQ(files_.find(folder_, "a"), nullptr);
}

TEST_F(HttpSmallFilesTest, GivesNothingThatIsNotAsItWas) {
  home_.put("a", "1");
  keep("a");
  ASSERT_NE(files_.find(folder_, "a"), nullptr);
  home_.put("b", "2");
  std::filesystem::rename(home_.path("b"), home_.path("a"));
  EXPECT_EQ(files_.find(folder_, "a"), nullptr);
  keep("a");
  ASSERT_NE(files_.find(folder_, "a"), nullptr);
  std::filesystem::remove(home_.path("a"));
  EXPECT_EQ(files_.find(folder_, "a"), nullptr);
}

TEST_F(HttpSmallFilesTest, KeepsNoLongFileAndNotTooMany) {
  home_.put("long", std::string(HttpSmallFiles::file_bytes_max + 1, 'x'));
  keep("long");
  EXPECT_EQ(files_.find(folder_, "long"), nullptr);
  for (std::size_t i = 0; i <= HttpSmallFiles::files_max; ++i) {
    home_.put(std::to_string(i), "x");
    keep(std::to_string(i));
  }
  EXPECT_EQ(files_.find(folder_, "0"), nullptr);
  EXPECT_NE(files_.find(folder_, std::to_string(HttpSmallFiles::files_max)), nullptr);
}

}  // namespace
}  // namespace yam::service
