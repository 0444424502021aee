#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <vector>

#include "yam/store/beneath.hpp"
#include "yam/store/directory.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::store {

namespace {

// Adds up the files of one directory, and lists the directories in it.
Held held_in(DIR* directory, const std::string& path, std::vector<std::string>& found) {
  Held held;
  while (const char* next = next_name(directory)) {
    const std::string name = next;
    struct stat status{};
    if (name.ends_with(part_suffix)) continue;
    if (::fstatat(::dirfd(directory), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISREG(status.st_mode)) held += {static_cast<std::uint64_t>(status.st_size), 1};
    if (S_ISDIR(status.st_mode)) found.push_back(path + "/" + name);
  }
  return held;
}

}  // namespace

Held Folder::held() const {
  Held held;
  std::vector<std::string> left{"."};
  while (!left.empty()) {
    const std::string path = std::move(left.back());
    left.pop_back();
    auto fd = open_beneath(root_.get(), path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!fd) continue;
    const Directory directory = read_directory(std::move(*fd));
    if (!directory) continue;
    held += held_in(directory.get(), path, left);
  }
  return held;
}

std::uint64_t Folder::free_bytes() const {
  struct statvfs disk{};
  if (::fstatvfs(root_.get(), &disk) != 0) return std::numeric_limits<std::uint64_t>::max();
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace yam::store
