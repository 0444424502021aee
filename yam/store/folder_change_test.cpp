#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/folder.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

using Names = std::set<std::string>;

// share/ is served; outside/file.txt lies beside it.
class FolderChangeTest : public testing::Test {
 protected:
  FolderChangeTest() {
    around_.make_folder("share/sub");
    around_.make_folder("outside");
    around_.put("outside/file.txt", "secret");
    around_.put("share/a.txt", "a");
    around_.put("share/sub/b.txt", "b");
    around_.link("share/out", "../outside");
    around_.link("share/near", "sub");
    folder_.emplace(Folder::open(around_.path("share")).value());
  }
  ~FolderChangeTest() { EXPECT_EQ(around_.content("outside/file.txt"), "secret"); }

  Result<void> remove_tree(std::string_view name, std::size_t at_once = removals_per_step) const {
    auto removal = folder_->remove_tree(name);
    if (!removal) return fail(removal.error());
    for (;;) {
      const auto more = removal->remove_some(at_once);
      if (!more) return fail(more.error());
      if (!*more) return {};
    }
  }

  TemporaryFolder around_;
  std::optional<Folder> folder_;
};

TEST_F(FolderChangeTest, MakesOneFolder) {
  EXPECT_TRUE(folder_->make_folder("新 文件夹").value());
  EXPECT_TRUE(folder_->make_folder("near/deep").value());
  EXPECT_TRUE(std::filesystem::is_directory(around_.path("share/sub/deep")));
  for (const char* taken : {"sub", "a.txt", "out", "near"})
    EXPECT_FALSE(folder_->make_folder(taken).value()) << taken;
  const Error rows[] = {
      {Code::not_found, "cannot make folder \"none/x\": no such file or directory", ""},
      {Code::not_found, "cannot make folder \"a.txt/x\": no such file or directory", ""},
      {Code::refused, "cannot make folder \"out/x\": it leads out of the folder", ""},
      {Code::usage, "file name \"../x\": it has a '..' component", ""},
      {Code::usage, "file name \"a\\nb\": it has a control character", ""},
      {Code::usage, "file name \"\": it is empty", ""},
      {Code::refused, "file name \"x.part\": unfinished uploads alone end in .part", ""},
  };
  const char* names[] = {"none/x", "a.txt/x", "out/x", "../x", "a\nb", "", "x.part"};
  for (std::size_t i = 0; i < std::size(rows); ++i)
    EXPECT_EQ(folder_->make_folder(names[i]).error(), rows[i]);
  EXPECT_TRUE(folder_->make_folder(std::string(255, 'x')).value());
  EXPECT_EQ(folder_->make_folder(std::string(256, 'x')).error().code, Code::usage);
}

TEST_F(FolderChangeTest, RemovesAFileOrTheLinkItself) {
  EXPECT_TRUE(folder_->remove_file("near/b.txt"));
  EXPECT_TRUE(folder_->remove_file("near"));
  EXPECT_TRUE(folder_->remove_file("out"));
  around_.put("share/a\nb", "");
  EXPECT_TRUE(folder_->remove_file("a\nb"));
  EXPECT_EQ(around_.names("share"), (Names{"a.txt", "sub"}));
  EXPECT_EQ(folder_->remove_file("sub").error(),
            (Error{Code::refused, "cannot remove \"sub\": it is a directory", ""}));
  EXPECT_EQ(folder_->remove_file("near").error(),
            (Error{Code::not_found, "cannot remove \"near\": no such file or directory", ""}));
  around_.link("share/out", "../outside");
  EXPECT_EQ(folder_->remove_file("out/file.txt").error(),
            (Error{Code::refused, "cannot remove \"out/file.txt\": it leads out of the folder", ""}));
  around_.put("share/x.part", "half");
  EXPECT_EQ(folder_->remove_file("x.part").error().code, Code::refused);
  EXPECT_EQ(folder_->remove_file("sub/../a.txt").error().code, Code::usage);
}

TEST_F(FolderChangeTest, RemovesATreeAndFollowsNoLink) {
  around_.make_folder("share/sub/deep/中文");
  around_.put("share/sub/deep/中文/\n", "x");
  around_.put("share/sub/half.part", "x");
  around_.link("share/sub/deep/away", "../../../outside");
  around_.link("share/sub/up", "..");
  ASSERT_EQ(::mkfifo(around_.path("share/sub/pipe").c_str(), 0600), 0);
  EXPECT_TRUE(remove_tree("sub", 1));
  EXPECT_EQ(around_.names("share"), (Names{"a.txt", "near", "out"}));
  EXPECT_TRUE(remove_tree("out"));  // the link
  EXPECT_TRUE(remove_tree("a.txt"));
  EXPECT_EQ(remove_tree("sub").error(),
            (Error{Code::not_found, "cannot remove \"sub\": no such file or directory", ""}));
  EXPECT_EQ(remove_tree("").error().code, Code::usage);
  EXPECT_EQ(remove_tree(".").error().code, Code::usage);
}

TEST_F(FolderChangeTest, RemovesInStepsAndNotTooDeep) {
  for (int i = 0; i < 300; ++i)
    around_.put("share/sub/" + std::to_string(i), "");
  auto removal = folder_->remove_tree("sub").value();
  int steps = 1;
  while (removal.remove_some(100).value())
    ++steps;
  EXPECT_GT(steps, 2);
  EXPECT_FALSE(std::filesystem::exists(around_.path("share/sub")));

  std::string deep = "share/deep";
  for (std::size_t depth = 1; depth <= tree_depth_max; ++depth)
    deep += "/d";
  around_.make_folder(deep);
  EXPECT_EQ(remove_tree("deep").error(),
            (Error{Code::refused, "cannot remove \"deep\": it is more than 128 folders deep", ""}));
  EXPECT_TRUE(remove_tree("deep/d"));
}

// Another thread swaps a folder of the tree for a link that leads out, and puts files back all the time.
TEST_F(FolderChangeTest, NoSwapRemovesWhatLiesOutside) {
  std::atomic<bool> removing = true;
  std::thread swapper([&] {
    while (removing) {
      std::error_code ignored;
      std::filesystem::create_directories(around_.path("share/tree/x"), ignored);
      std::filesystem::create_symlink("../../outside", around_.path("share/tree/y"), ignored);
      ::renameat2(AT_FDCWD, around_.path("share/tree/x").c_str(), AT_FDCWD,
                  around_.path("share/tree/y").c_str(), RENAME_EXCHANGE);
    }
  });
  int gone = 0;
  for (int i = 0; i < 2000; ++i)
    gone += remove_tree("tree").has_value();
  removing = false;
  swapper.join();
  EXPECT_GT(gone, 0);
  EXPECT_EQ(around_.names("outside"), Names{"file.txt"});
}

TEST_F(FolderChangeTest, RenamesInOneStep) {
  EXPECT_EQ(folder_->rename("a.txt", "sub/文.txt", false).value(), Renamed::to_free_name);
  EXPECT_EQ(around_.content("share/sub/文.txt"), "a");
  EXPECT_EQ(folder_->rename("sub/文.txt", "sub/b.txt", false).value(), Renamed::not_at_all);
  EXPECT_EQ(around_.content("share/sub/b.txt"), "b");
  EXPECT_EQ(folder_->rename("sub/文.txt", "near/b.txt", true).value(), Renamed::over_another);
  EXPECT_EQ(around_.content("share/sub/b.txt"), "a");
  EXPECT_EQ(around_.names("share/sub"), Names{"b.txt"});
  EXPECT_EQ(folder_->rename("sub", "whole folder", false).value(), Renamed::to_free_name);
  EXPECT_EQ(folder_->rename("out", "link", false).value(), Renamed::to_free_name);
  EXPECT_TRUE(std::filesystem::is_symlink(around_.path("share/link")));
  around_.put("share/a\nb", "x");
  EXPECT_EQ(folder_->rename("a\nb", "link", true).value(), Renamed::over_another);
}

TEST_F(FolderChangeTest, RenameFaultsHaveTheirCodes) {
  struct Row {
    const char* from;
    const char* to;
    Code code;
    const char* words;
  };
  around_.make_folder("share/full/x");
  const Row rows[] = {
      {"none", "x", Code::not_found, "cannot rename \"none\" to \"x\": no such file or directory"},
      {"a.txt", "none/x", Code::not_found,
       "cannot rename \"a.txt\" to \"none/x\": no such file or directory"},
      {"a.txt", "out/x", Code::refused, "cannot rename \"a.txt\" to \"out/x\": it leads out of the folder"},
      {"out/file.txt", "x", Code::refused,
       "cannot rename \"out/file.txt\" to \"x\": it leads out of the folder"},
      {"sub", "sub/x", Code::refused,
       "cannot rename \"sub\" to \"sub/x\": a folder cannot go beneath itself"},
      {"a.txt", "sub", Code::refused, "cannot rename \"a.txt\" to \"sub\": one of the two is a folder"},
      {"sub", "a.txt", Code::refused, "cannot rename \"sub\" to \"a.txt\": one of the two is a folder"},
      {"sub", "full", Code::refused,
       "cannot rename \"sub\" to \"full\": the folder that is there is not empty"},
      {"a.txt", "../x", Code::usage, "file name \"../x\": it has a '..' component"},
      {"../outside", "x", Code::usage, "file name \"../outside\": it has a '..' component"},
      {"a.txt", "a\nb", Code::usage, "file name \"a\\nb\": it has a control character"},
      {"a.txt", "x.part", Code::refused, "file name \"x.part\": unfinished uploads alone end in .part"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(folder_->rename(row.from, row.to, true).error(), (Error{row.code, row.words, ""}));
  EXPECT_EQ(around_.content("share/a.txt"), "a");
}

}  // namespace
}  // namespace yam::store
