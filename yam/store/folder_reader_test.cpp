#include "yam/store/folder_reader.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <optional>
#include <sys/stat.h>
#include <thread>

#include <gtest/gtest.h>

#include "yam/store/folder.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

using Seen = std::map<std::string, EntryKind>;

// share/ is served; secret.txt and outside/ lie beside it.
class FolderReaderTest : public testing::Test {
 protected:
  FolderReaderTest() {
    around_.make_folder("share/sub");
    around_.make_folder("outside");
    around_.put("secret.txt", "secret");
    folder_.emplace(Folder::open(around_.path("share")).value());
  }

  std::vector<FolderEntry> read(std::string_view name = "") const {
    std::vector<FolderEntry> entries;
    auto reader = folder_->read_folder(name).value();
    while (reader.read(entries).value()) {
    }
    return entries;
  }
  Seen seen(std::string_view name = "") const {
    Seen all;
    for (const auto& entry : read(name))
      all[entry.name] = entry.kind;
    return all;
  }

  TemporaryFolder around_;
  std::optional<Folder> folder_;
};

TEST_F(FolderReaderTest, ShowsNameKindSizeAndTime) {
  around_.put("share/a.txt", "inside");
  ASSERT_EQ(::mkfifo(around_.path("share/pipe").c_str(), 0600), 0);
  const timespec times[2] = {{1'000'000'000, 5}, {1'600'000'000, 123'456'789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, around_.path("share/a.txt").c_str(), times, 0), 0);
  const Seen expected{{"a.txt", EntryKind::file}, {"pipe", EntryKind::other}, {"sub", EntryKind::folder}};
  EXPECT_EQ(seen(), expected);
  for (const auto& entry : read()) {
    EXPECT_EQ(entry.size, entry.name == "a.txt" ? 6u : 0u);
    const bool dated = entry.mtime.time_since_epoch().count() == 1'600'000'000'123'456'789;
    EXPECT_EQ(dated, entry.name == "a.txt");
  }
  EXPECT_EQ(seen("sub"), Seen{});
}

TEST_F(FolderReaderTest, ShowsLinksAsWhatTheyLeadToBeneath) {
  around_.put("share/a.txt", "inside");
  around_.put("share/sub/b.txt", "deep inside");
  around_.link("share/file", "a.txt");
  around_.link("share/folder", "sub");
  around_.link("share/sub/up", "../a.txt");
  around_.link("share/out", "../outside");
  around_.link("share/secret", "../secret.txt");
  around_.link("share/absolute", around_.path("share/a.txt"));
  around_.link("share/nowhere", "none");
  around_.link("share/loop", "loop");
  around_.put("share/film.part", "half");
  around_.put("share/film.k3x9ab.part", "half");
  const Seen expected{{"a.txt", EntryKind::file},
                      {"file", EntryKind::file},
                      {"folder", EntryKind::folder},
                      {"sub", EntryKind::folder}};
  EXPECT_EQ(seen(), expected);
  EXPECT_EQ(seen("sub"), (Seen{{"b.txt", EntryKind::file}, {"up", EntryKind::file}}));
  EXPECT_EQ(seen("folder"), seen("sub"));
  for (const auto& entry : read()) {
    EXPECT_EQ(entry.size, entry.kind == EntryKind::file ? 6u : 0u) << entry.name;
    EXPECT_EQ(entry.is_link, entry.name == "file" || entry.name == "folder") << entry.name;
  }
}

TEST_F(FolderReaderTest, AnyNameIsShownAsItIs) {
  const std::string longest(255, 'x');
  const std::string names[] = {"中文 文件.txt", "a\nb", "\"quoted'", "\xff\xfe", "-rf", " ", "..x", longest};
  for (const auto& name : names)
    around_.put("share/" + name, "x");
  const Seen all = seen();
  for (const auto& name : names) {
    EXPECT_TRUE(all.contains(name)) << name;
    EXPECT_TRUE(folder_->open_file(name)) << name;
  }
  EXPECT_EQ(all.size(), std::size(names) + 1);
}

TEST_F(FolderReaderTest, FaultsHaveTheirCodes) {
  around_.put("share/a.txt", "inside");
  around_.link("share/out", "../outside");
  const Error rows[] = {
      {Code::not_found, "cannot read folder \"none\": no such file or directory", ""},
      {Code::not_found, "cannot read folder \"a.txt\": no such file or directory", ""},
      {Code::refused, "cannot read folder \"out\": it leads out of the folder", ""},
      {Code::usage, "file name \"..\": it has a '..' component", ""},
  };
  const char* names[] = {"none", "a.txt", "out", ".."};
  for (std::size_t i = 0; i < std::size(rows); ++i)
    EXPECT_EQ(folder_->read_folder(names[i]).error(), rows[i]);
}

TEST_F(FolderReaderTest, ComesInBatchesAndEndsAtItsMaximum) {
  for (int i = 0; i < 1000; ++i)
    around_.put("share/sub/" + std::to_string(i), "");
  std::vector<FolderEntry> entries;
  auto reader = folder_->read_folder("sub").value();
  while (reader.read(entries, 10).value())
    EXPECT_EQ(entries.size() % 10, 0u);
  EXPECT_EQ(entries.size(), 1000u);
  EXPECT_FALSE(reader.cut());

  for (const std::size_t most : {std::size_t{0}, std::size_t{999}, std::size_t{1000}}) {
    entries.clear();
    auto bounded = folder_->read_folder("sub", most).value();
    while (bounded.read(entries).value()) {
    }
    EXPECT_EQ(entries.size(), most);
    EXPECT_EQ(bounded.cut(), most < 1000);
  }
}

// Another thread swaps a link that stays beneath for one that leads out, and a folder for such a link.
TEST_F(FolderReaderTest, NoSwapShowsWhatLiesOutside) {
  around_.put("share/short", "1");
  around_.put("outside/long", "12345678");
  around_.link("share/here", "short");
  around_.link("share/away", "../outside/long");
  around_.link("share/sub2", "../outside");
  std::atomic<bool> swapping = true;
  std::thread swapper([&] {
    const auto swap = [&](const char* one, const char* other) {
      ::renameat2(AT_FDCWD, around_.path(one).c_str(), AT_FDCWD, around_.path(other).c_str(),
                  RENAME_EXCHANGE);
    };
    for (int i = 0; i < 4000; ++i) {
      swap("share/here", "share/away");
      swap("share/sub", "share/sub2");
    }
    swapping = false;
  });
  int leaked = 0;
  while (swapping) {
    for (const auto& entry : read())
      leaked += entry.size == 8;
    std::vector<FolderEntry> entries;
    auto reader = folder_->read_folder("sub");
    if (reader) static_cast<void>(reader->read(entries));
    leaked += !entries.empty();
  }
  swapper.join();
  EXPECT_EQ(leaked, 0);
}

}  // namespace
}  // namespace yam::store
