#include "yam/store/folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/store/beneath.hpp"
#include "yam/store/folder_name.hpp"
#include "yam/store/modified.hpp"

namespace yam::store {

namespace {

constexpr const char* own_folder_name = ".yam.part";
constexpr mode_t own_folder_mode = 0700;

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "not a file";
}

}  // namespace

Result<Folder> Folder::open(const std::string& path) {
  const std::string what = "cannot open folder " + escaped(path);
  net::Fd root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root && errno == ENOTDIR) return fail(Code::local, what + ": it is not a directory");
  if (!root) return fail(Code::local, fail_os(what, errno).error().what);
  // A kernel without openat2 is better met now than by the first peer.
  if (const auto probe = open_beneath(root.get(), ".", O_RDONLY | O_DIRECTORY); !probe)
    return fail_beneath(what, probe.error());
  return Folder(std::move(root));
}

std::pair<std::uint64_t, std::uint64_t> Folder::identity() const {
  struct stat status{};
  if (::fstat(root_.get(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

Result<Folder> Folder::duplicate() const {
  net::Fd root(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
  if (!root) return fail_os("cannot open a folder again", errno);
  return Folder(std::move(root));
}

Result<OpenedFile> Folder::open_file(std::string_view name) const {
  if (const auto good = check_existing_name(name); !good) return fail(good.error());
  const auto what = [&] { return "cannot read " + quoted(name); };
  auto fd = open_beneath(root_.get(), std::string(name), O_RDONLY);
  if (!fd) return fail_beneath(what(), fd.error());
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return fail_os(what(), errno);
  if (!S_ISREG(status.st_mode)) return fail(Code::refused, what() + ": it is " + kind_of(status.st_mode));
  return OpenedFile{status_of(status), std::move(*fd)};
}

std::optional<FileStatus> Folder::look(const std::string& name) const {
  struct stat status{};
  if (::fstatat(root_.get(), name.c_str(), &status, 0) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return status_of(status);
}

Result<Folder> Folder::open_folder(std::string_view name) const {
  if (const auto good = check_existing_name(name); !good) return fail(good.error());
  auto fd = open_beneath(root_.get(), std::string(name), O_RDONLY | O_DIRECTORY);
  if (!fd) return fail_beneath("cannot open folder " + quoted(name), fd.error());
  return Folder(std::move(*fd));
}

Result<NewFile> Folder::create_file(std::string_view name, NewFileOptions options,
                                    std::string_view mark) const {
  return NewFile::create(root_.get(), name, options, mark);
}

Result<NewFile> Folder::resume_file(std::string_view name, NewFileOptions options,
                                    std::string_view mark) const {
  return NewFile::resume(root_.get(), name, options, mark);
}

Result<Folder> Folder::open_own() const {
  auto fd = open_beneath(root_.get(), own_folder_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!fd) return fail_beneath("cannot open the folder of unfinished uploads", fd.error());
  return Folder(std::move(*fd));
}

Result<Folder> Folder::make_own() const {
  if (::mkdirat(root_.get(), own_folder_name, own_folder_mode) != 0 && errno != EEXIST)
    return fail_os("cannot make a folder for unfinished uploads", errno);
  return open_own();
}

}  // namespace yam::store
