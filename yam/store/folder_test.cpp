#include "yam/store/folder.hpp"

#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

std::string content_of(const OpenedFile& file) {
  std::string content(static_cast<std::size_t>(file.size), '\0');
  const ssize_t count = ::pread(file.fd.get(), content.data(), content.size(), 0);
  content.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return content;
}

// share/ is served; secret.txt and outside/ lie beside it.
class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    around_.make_folder("share/sub");
    around_.make_folder("outside");
    around_.put("secret.txt", "secret");
    around_.put("outside/file.txt", "secret");
    around_.put("share/file.txt", "inside");
    around_.put("share/sub/file.txt", "inside");
    folder_.emplace(Folder::open(around_.path("share")).value());
  }

  Error fault_of(std::string_view name) const {
    const auto file = folder_->open_file(name);
    return file ? Error{} : file.error();
  }

  TemporaryFolder around_;
  std::optional<Folder> folder_;
};

TEST_F(FolderTest, GivesAFileAsItStands) {
  const auto file = folder_->open_file("sub/file.txt").value();
  struct stat status{};
  ASSERT_EQ(::stat(around_.path("share/sub/file.txt").c_str(), &status), 0);
  EXPECT_EQ(content_of(file), "inside");
  EXPECT_EQ(file.size, 6U);
  EXPECT_EQ(file.inode, status.st_ino);
  const auto since_epoch = file.mtime.time_since_epoch();
  const auto expected =
      std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
  EXPECT_EQ(since_epoch, expected);
  EXPECT_NE(::fcntl(file.fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(FolderTest, WhatIsNoFileIsRefusedAtOnce) {
  ASSERT_EQ(::mkfifo(around_.path("share/pipe").c_str(), 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  around_.path("share/socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  around_.put("share/film.part", "half");
  around_.link("share/loop", "loop");

  const Error rows[] = {
      {Code::refused, "cannot read \"sub\": it is a directory", ""},
      {Code::refused, "cannot read \"pipe\": it is a named pipe", ""},
      {Code::refused, "cannot read \"socket\": it is not a file", ""},
      {Code::refused, "cannot read \"loop\": too many levels of symbolic links", ""},
      {Code::refused, "file name \"film.part\": unfinished uploads alone end in .part", ""},
      {Code::not_found, "cannot read \"none.txt\": no such file or directory", ""},
      {Code::not_found, "cannot read \"file.txt/x\": no such file or directory", ""},
      {Code::usage, "file name \"../secret.txt\": it has a '..' component", ""},
  };
  for (const auto& row : rows) {
    const std::string_view quotes = row.what;
    const auto begin = quotes.find('"') + 1;
    EXPECT_EQ(fault_of(quotes.substr(begin, quotes.find('"', begin) - begin)), row);
  }
}

TEST(Folder, DevicesAreRefused) {
  const auto folder = Folder::open("/dev").value();
  const Error expected{Code::refused, "cannot read \"zero\": it is a device", ""};
  EXPECT_EQ(folder.open_file("zero").error(), expected);
}

TEST(Folder, MagicLinksAreRefused) {
  const auto folder = Folder::open("/proc/self").value();
  for (const std::string name : {"exe", "cwd/x", "root/etc/passwd", "fd/0"})
    EXPECT_EQ(folder.open_file(name).error().code, Code::refused) << name;
}

TEST_F(FolderTest, LinksAreFollowedAsLongAsTheyStayBeneath) {
  around_.link("share/near", "file.txt");
  around_.link("share/folder", "sub");
  around_.link("share/sub/up", "../file.txt");
  for (const std::string name : {"near", "folder/file.txt", "sub/up", "folder/up"})
    EXPECT_EQ(content_of(folder_->open_file(name).value()), "inside") << name;

  around_.link("share/far", "../secret.txt");
  around_.link("share/absolute", around_.path("secret.txt"));
  around_.link("share/roundabout", "../share/file.txt");
  around_.link("share/home", around_.path("share/file.txt"));
  around_.link("share/out", "../outside");
  around_.link("share/sub/chain", "../far");
  for (const std::string name : {"far", "absolute", "roundabout", "home", "out/file.txt", "sub/chain"}) {
    const Error expected{Code::refused, "cannot read \"" + name + "\": it leads out of the folder", ""};
    EXPECT_EQ(fault_of(name), expected);
  }
  const Error expected{Code::refused, "cannot write \"out/new.txt\": it leads out of the folder", ""};
  EXPECT_EQ(folder_->create_file("out/new.txt").error(), expected);
  EXPECT_EQ(around_.names("outside"), std::set<std::string>{"file.txt"});
}

// Another thread swaps a directory and a link that leads out, and a file and such a link, as fast as it can.
TEST_F(FolderTest, AFolderInItIsOneOfItsOwn) {
  around_.link("share/sub/up", "../file.txt");
  around_.link("share/other", "sub");
  around_.link("share/away", "../outside");
  const Folder sub = folder_->open_folder("sub").value();
  EXPECT_EQ(content_of(sub.open_file("file.txt").value()), "inside");
  EXPECT_EQ(sub.open_file("up").error().code, Code::refused);
  EXPECT_EQ(sub.open_file("../file.txt").error().code, Code::usage);
  EXPECT_TRUE(folder_->open_folder("other"));
  EXPECT_EQ(folder_->open_folder("none").error(),
            (Error{Code::not_found, "cannot open folder \"none\": no such file or directory", ""}));
  EXPECT_EQ(folder_->open_folder("file.txt").error().code, Code::not_found);
  EXPECT_EQ(folder_->open_folder("away").error().code, Code::refused);
  EXPECT_EQ(folder_->open_folder("..").error().code, Code::usage);
  EXPECT_EQ(folder_->open_folder("").error().code, Code::usage);
}

TEST_F(FolderTest, AddsUpItsFiles) {
  EXPECT_EQ(folder_->held(), (Held{12, 2}));
  around_.make_folder("share/sub/deep/deeper");
  around_.put("share/sub/deep/deeper/x", std::string(1000, 'x'));
  around_.put("share/half.part", "not yet");
  around_.link("share/away", "../outside");
  around_.link("share/secret", "../secret.txt");
  ASSERT_EQ(::mkfifo(around_.path("share/pipe").c_str(), 0600), 0);
  EXPECT_EQ(folder_->held(), (Held{1012, 3}));
}

TEST_F(FolderTest, NoSwapOfLinksLeadsOut) {
  constexpr int swaps = 4000;
  around_.link("share/sub2", "../outside");
  around_.link("share/file2.txt", "../secret.txt");
  std::atomic<bool> swapping = true;
  std::thread swapper([&] {
    const auto swap = [&](const char* one, const char* other) {
      ::renameat2(AT_FDCWD, around_.path(one).c_str(), AT_FDCWD, around_.path(other).c_str(),
                  RENAME_EXCHANGE);
    };
    for (int i = 0; i < swaps; ++i) {
      swap("share/sub", "share/sub2");
      swap("share/file.txt", "share/file2.txt");
    }
    swapping = false;
  });
  int opened = 0;
  int refused = 0;
  int left = 0;
  while (swapping || opened == 0) {
    for (const std::string name : {"sub/file.txt", "file.txt", "sub2/file.txt", "file2.txt"}) {
      const auto file = folder_->open_file(name);
      opened += file.has_value();
      refused += !file && file.error().code == Code::refused;
      left += file && content_of(*file) != "inside";
    }
  }
  swapper.join();
  EXPECT_EQ(left, 0);
  EXPECT_GT(refused, 0);
}

TEST(Folder, SaysWhyItCannotBeOpened) {
  TemporaryFolder around;
  around.put("file", "");
  const Error absent{Code::local, "cannot open folder " + around.path("none") + ": no such file or directory",
                     ""};
  const Error file{Code::local, "cannot open folder " + around.path("file") + ": it is not a directory", ""};
  EXPECT_EQ(Folder::open(around.path("none")).error(), absent);
  EXPECT_EQ(Folder::open(around.path("file")).error(), file);
}

TEST_F(FolderTest, GoesOnWhenItsFolderIsRenamed) {
  ASSERT_EQ(std::rename(around_.path("share").c_str(), around_.path("moved").c_str()), 0);
  EXPECT_EQ(content_of(folder_->open_file("file.txt").value()), "inside");
}

}  // namespace
}  // namespace yam::store
