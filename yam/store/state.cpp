#include "yam/store/state.hpp"

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::store {

namespace {

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;
constexpr mode_t writable_by_others = S_IWGRP | S_IWOTH;
constexpr mode_t open_to_others = S_IRWXG | S_IRWXO;

std::string absolute_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): as the header says
  return value != nullptr && value[0] == '/' ? value : "";
}

// mkdir -p, each missing step for its owner alone.
Result<void> make_folders(const std::string& path) {
  for (std::size_t slash = 0; slash != path.npos;) {
    slash = path.find('/', slash + 1);
    const std::string step = path.substr(0, slash);
    if (::mkdir(step.c_str(), folder_mode) == 0 || errno == EEXIST) continue;
    const int error = errno;
    // A step that is there may still refuse mkdir: EROFS, or EACCES in what others own.
    struct stat status{};
    if (::stat(step.c_str(), &status) != 0) return fail_os("cannot create " + escaped(step), error);
  }
  return {};
}

Result<Bytes> read_all(int fd, std::size_t bytes_max, const std::string& what) {
  Bytes all(bytes_max + 1);
  std::size_t size = 0;
  while (size < all.size()) {
    const ssize_t count = ::read(fd, all.data() + size, all.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_os(what, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > bytes_max)
    return fail(Code::local, what + ": it is larger than " + std::to_string(bytes_max) + " bytes");
  all.resize(size);
  return all;
}

}  // namespace

Result<std::string> state_folder() {
  std::string base = absolute_variable("XDG_STATE_HOME");
  if (base.empty()) {
    base = absolute_variable("HOME");
    if (base.empty())
      return fail(Code::local, "no folder for keys and state: HOME is not set to an absolute path",
                  "set HOME, or XDG_STATE_HOME");
    base += "/.local/state";
  }
  std::string path = base + "/yam";
  if (const auto made = make_folders(path); !made) return fail(made.error());

  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return fail_os("cannot use " + escaped(path), errno);
  if (!S_ISDIR(status.st_mode))
    return fail(Code::local, "cannot use " + escaped(path) + ": it is not a directory");
  if ((status.st_mode & writable_by_others) != 0)
    return fail(Code::local, "cannot use " + escaped(path) + ": others may write to it",
                "chmod 700 " + escaped(path));
  return path;
}

Result<std::optional<Bytes>> read_private_file(const std::string& path) {
  const std::string what = "cannot read " + escaped(path);
  const net::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) return fail_os(what, errno);
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return fail_os(what, errno);
  if (!S_ISREG(status.st_mode)) return fail(Code::local, what + ": it is not a file");
  if ((status.st_mode & open_to_others) != 0)
    return fail(Code::local, what + ": it is private, but others may use it", "chmod 600 " + escaped(path));
  auto bytes = read_all(fd.get(), private_bytes_max, what);
  if (!bytes) return fail(bytes.error());
  return std::move(*bytes);
}

Result<void> write_private_file(const std::string& path, ByteView bytes, IfExists if_exists) {
  assert(bytes.size() <= private_bytes_max);
  const auto [parent, base] = split(path);
  const auto folder = Folder::open(parent.empty() ? "." : std::string(parent));
  if (!folder) return fail(folder.error());
  const NewFileOptions options{.if_exists = if_exists, .sync = true, .mode = file_mode};
  auto file = folder->create_file(base, options);
  if (!file) return fail(file.error());

  auto written = file->write(bytes);
  if (written)
    if (const auto committed = file->commit(); !committed) written = fail(committed.error());
  // A secret does not stay behind; if it cannot be removed, the first fault is still the one to report.
  if (!written) (void)file->discard();
  return written;
}

}  // namespace yam::store
