#include "yam/store/file_status.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "yam/store/modified.hpp"

namespace yam::store {

FileStatus status_of(const struct stat& status) {
  FileStatus file;
  file.size = static_cast<std::uint64_t>(status.st_size);
  file.mtime = modified_at(status.st_mtim);
  file.changed = modified_at(status.st_ctim);
  file.device = status.st_dev;
  file.inode = status.st_ino;
  return file;
}

std::optional<FileStatus> look_at(int file) {
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return status_of(status);
}

std::optional<FileStatus> look_at(int folder, const std::string& name) {
  struct stat status{};
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
    return std::nullopt;
  return status_of(status);
}

}  // namespace yam::store
