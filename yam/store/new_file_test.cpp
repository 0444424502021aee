#include "yam/store/new_file.hpp"

#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <optional>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/folder.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

using Names = std::set<std::string>;

constexpr NewFileOptions refusing{.if_exists = IfExists::refuse};
constexpr NewFileOptions replacing{.if_exists = IfExists::replace};
constexpr NewFileOptions numbering{.if_exists = IfExists::number};

class NewFileTest : public testing::Test {
 protected:
  NewFile begin(std::string_view name, const std::string& content, NewFileOptions options = {}) const {
    NewFile file = folder_.create_file(name, options).value();
    EXPECT_TRUE(file.write(bytes_of(content)).has_value());
    return file;
  }
  Result<std::string> receive(std::string_view name, const std::string& content,
                              NewFileOptions options = {}) const {
    return begin(name, content, options).commit();
  }

  TemporaryFolder here_;
  Folder folder_ = Folder::open(here_.path()).value();
};

const Error taken{Code::refused, "cannot write \"a.txt\": it already exists", ""};

TEST_F(NewFileTest, AppearsUnderItsNameOnlyWhenWhole) {
  NewFile file = begin("a.txt", "hel");
  EXPECT_EQ(here_.names(), Names{"a.txt.part"});
  EXPECT_EQ(file.part_name(), "a.txt.part");
  ASSERT_TRUE(file.write(bytes_of("lo")).has_value());
  EXPECT_EQ(file.commit().value(), "a.txt");
  EXPECT_EQ(here_.names(), Names{"a.txt"});
  EXPECT_EQ(here_.content("a.txt"), "hello");
}

TEST_F(NewFileTest, LeavesThePartOrTakesItAway) {
  begin("left.txt", "half");
  EXPECT_EQ(here_.content("left.txt.part"), "half");
  NewFile file = begin("gone.txt", "half");
  EXPECT_TRUE(file.discard().has_value());
  EXPECT_TRUE(file.discard().has_value());
  EXPECT_EQ(here_.names(), Names{"left.txt.part"});
}

TEST_F(NewFileTest, NeverWritesIntoAnothersPart) {
  const NewFile first = begin("a.txt", "first");
  NewFile second = begin("a.txt", "second");
  NewFile third = begin("a.txt", "third");
  EXPECT_EQ(here_.names().size(), 3U);
  EXPECT_TRUE(second.part_name().starts_with("a.txt.") && second.part_name().ends_with(".part"));
  EXPECT_EQ(here_.content("a.txt.part"), "first");
  EXPECT_EQ(here_.content(second.part_name()), "second");
  EXPECT_EQ(here_.content(third.part_name()), "third");

  here_.link("b.txt.part", "elsewhere");
  begin("b.txt", "mine");
  EXPECT_FALSE(here_.names().contains("elsewhere"));
}

TEST_F(NewFileTest, RefusesATakenNameBeforeTheBytesAndAfterThem) {
  NewFile slow = begin("a.txt", "slow");
  ASSERT_TRUE(receive("a.txt", "quick").has_value());
  EXPECT_EQ(slow.commit().error(), taken);
  EXPECT_EQ(folder_.create_file("a.txt").error(), taken);
  EXPECT_EQ(here_.content("a.txt"), "quick");
  EXPECT_EQ(here_.content("a.txt.part"), "slow");

  ASSERT_EQ(::unlink(here_.path("a.txt").c_str()), 0);
  EXPECT_EQ(slow.commit().value(), "a.txt");
  EXPECT_EQ(here_.content("a.txt"), "slow");
}

TEST_F(NewFileTest, ReplacesInOneStep) {
  here_.put("a.txt", "old");
  begin("a.txt", "half", replacing);
  EXPECT_EQ(here_.content("a.txt"), "old");
  EXPECT_EQ(receive("a.txt", "new", replacing).value(), "a.txt");
  EXPECT_EQ(here_.content("a.txt"), "new");

  here_.put("target", "kept");
  here_.link("link", "target");
  EXPECT_EQ(receive("link", "new", replacing).value(), "link");
  EXPECT_EQ(here_.content("target"), "kept");
  EXPECT_EQ(here_.content("link"), "new");

  here_.make_folder("sub");
  const Error folder{Code::refused, "cannot write \"sub\": what is there is not a file", ""};
  EXPECT_EQ(folder_.create_file("sub", replacing).error(), folder);
}

TEST_F(NewFileTest, NumbersWhatIsTaken) {
  EXPECT_EQ(receive("a.txt", "1", numbering).value(), "a.txt");
  EXPECT_EQ(receive("a.txt", "2", numbering).value(), "a-2.txt");
  EXPECT_EQ(receive("a.txt", "3", numbering).value(), "a-3.txt");
  here_.make_folder("sub");
  EXPECT_EQ(receive("sub", "4", numbering).value(), "sub-2");
  EXPECT_EQ(receive("sub/b", "5", numbering).value(), "sub/b");
  EXPECT_EQ(receive("sub/b", "6", numbering).value(), "sub/b-2");
  EXPECT_EQ(here_.content("a-3.txt"), "3");
  EXPECT_EQ(here_.content("sub/b-2"), "6");
}

TEST_F(NewFileTest, NumbersEnd) {
  here_.put("a.txt", "");
  for (unsigned number = 2; number <= numbered_max; ++number)
    here_.put("a-" + std::to_string(number) + ".txt", "");
  const Error full{Code::refused,
                   "cannot write \"a.txt\": it already exists, and so do its numbers up to 999", ""};
  EXPECT_EQ(receive("a.txt", "x", numbering).error(), full);
}

// Two threads end at the same time, again and again: under each policy nothing is lost but what was refused.
TEST_F(NewFileTest, OfTwoThatEndTogetherOneWins) {
  for (const auto options : {refusing, numbering}) {
    for (int round = 0; round < 50; ++round) {
      const std::string name = std::to_string(static_cast<int>(options.if_exists)) + std::to_string(round);
      NewFile one = begin(name, "one", {.if_exists = options.if_exists, .sync = false});
      NewFile two = begin(name, "two", {.if_exists = options.if_exists, .sync = false});
      Result<std::string> first, second;
      std::thread other([&] { first = one.commit(); });
      second = two.commit();
      other.join();
      if (options.if_exists == IfExists::refuse) {
        ASSERT_NE(first.has_value(), second.has_value());
        EXPECT_EQ(here_.content(name), first ? "one" : "two");
        EXPECT_EQ((first ? second : first).error().code, Code::refused);
      } else {
        ASSERT_NE(first.value(), second.value());
        EXPECT_EQ(here_.content(*first), "one");
        EXPECT_EQ(here_.content(*second), "two");
      }
    }
  }
}

TEST_F(NewFileTest, NamesOfAllKinds) {
  const std::string names[] = {"信件 驿站.txt",    " two  words ", "-rf",
                               "\xce\xc4\xbc\xfe", "a'b\"c$(d)",   std::string(255, 'x')};
  for (const auto& name : names) {
    EXPECT_EQ(receive(name, name).value(), name);
    EXPECT_EQ(here_.content(name), name);
    EXPECT_EQ(folder_.open_file(name).value().size, name.size());
    EXPECT_TRUE(receive(name, "again", numbering).has_value()) << name;
    EXPECT_TRUE(receive(name, "anew", replacing).has_value()) << name;
  }
}

TEST_F(NewFileTest, AFolderThatIsNotThereIsNotMade) {
  const Error expected{Code::not_found, "cannot write \"sub/a.txt\": no such file or directory", ""};
  EXPECT_EQ(folder_.create_file("sub/a.txt").error(), expected);
  const Error part{Code::refused, "file name \"a.part\": unfinished uploads alone end in .part", ""};
  EXPECT_EQ(folder_.create_file("a.part").error(), part);
  EXPECT_EQ(here_.names(), Names{});
}

TEST_F(NewFileTest, ADuplicateWritesTheSameFile) {
  NewFile file = begin("a.txt", "one ");
  {
    const auto copy = file.duplicate().value();
    EXPECT_NE(::fcntl(copy.get(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_EQ(::write(copy.get(), "two", 3), 3);
  }
  EXPECT_EQ(file.commit().value(), "a.txt");
  EXPECT_EQ(here_.content("a.txt"), "one two");
}

TEST_F(NewFileTest, ModeFollowsTheOptions) {
  const mode_t before = ::umask(022);
  receive("open", "", {.sync = false}).value();
  receive("private", "", {.sync = false, .mode = 0600}).value();
  ::umask(before);
  struct stat status{};
  ::stat(here_.path("open").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0644U);
  ::stat(here_.path("private").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

// A file system of 64 KiB where we may mount one; elsewhere a limit on the size of files stands in.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=64k") == 0;
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{64 * 1024, before_.rlim_max};
    ::signal(SIGXFSZ, SIG_IGN);
    if (!mounted_) ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    ::setrlimit(RLIMIT_FSIZE, &before_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  std::string reason() const { return mounted_ ? "no space left on device" : "file too large"; }

 private:
  std::string path_;
  bool mounted_ = false;
  rlimit before_{};
};

TEST_F(NewFileTest, AFullDisk) {
  here_.make_folder("disk");
  const SmallDisk disk(here_.path("disk"));
  const Folder folder = Folder::open(here_.path("disk")).value();
  NewFile file = folder.create_file("a.txt").value();
  const auto written = file.write(Bytes(256 * 1024, std::byte{'x'}));
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error(), (Error{Code::local, "cannot write \"a.txt\": " + disk.reason(), ""}));
  EXPECT_EQ(here_.names("disk"), Names{"a.txt.part"});
  EXPECT_TRUE(file.discard().has_value());
  EXPECT_EQ(here_.names("disk"), Names{});
}

// Root may write anywhere, so this thread alone takes the file system's view of nobody (setfsuid(2)).
TEST_F(NewFileTest, AFolderThatMayNotBeWritten) {
  ASSERT_EQ(::chmod(here_.path().c_str(), 0555), 0);
  std::optional<Error> fault;
  std::thread([&] {
    constexpr uid_t nobody = 65534;
    ::setfsuid(nobody);
    const auto file = folder_.create_file("a.txt");
    if (!file) fault = file.error();
  }).join();
  ::chmod(here_.path().c_str(), 0755);
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(*fault, (Error{Code::local, "cannot write \"a.txt\": permission denied", ""}));
}

// From here on this thread's `system_call` fails with `error`, as on a kernel or file system without it.
void forbid(long system_call, int error) {
  const auto number = static_cast<std::uint32_t>(system_call);
  const auto answer = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, answer),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(steps), steps};
  EXPECT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  EXPECT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

TEST_F(NewFileTest, AFileSystemThatCannotRenameToAFreeName) {
  std::thread([&] {
    forbid(SYS_renameat2, EINVAL);
    EXPECT_EQ(receive("a.txt", "1").value(), "a.txt");
    EXPECT_EQ(folder_.create_file("a.txt").error(), taken);
    EXPECT_EQ(receive("a.txt", "2", numbering).value(), "a-2.txt");
  }).join();
  EXPECT_EQ(here_.names(), (Names{"a.txt", "a-2.txt"}));
  EXPECT_EQ(here_.content("a-2.txt"), "2");
}

TEST_F(NewFileTest, AKernelWithoutOpenat2IsToldApartAtOnce) {
  std::thread([&] {
    forbid(SYS_openat2, ENOSYS);
    const auto folder = Folder::open(here_.path());
    ASSERT_FALSE(folder.has_value());
    const Error expected{Code::local, "cannot open folder " + here_.path() + ": function not implemented",
                         "yam needs openat2: Linux 5.6 or newer"};
    EXPECT_EQ(folder.error(), expected);
  }).join();
}

}  // namespace
}  // namespace yam::store
