#pragma once
// What a regular file is at a moment, to see later whether it is still the same.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

struct stat;

namespace yam::store {

// Which bytes a regular file has: whoever writes to it, or puts another in its place, changes this.
struct FileStatus {
  std::uint64_t size = 0;  // bytes
  std::chrono::sys_time<std::chrono::nanoseconds> mtime;
  std::chrono::sys_time<std::chrono::nanoseconds> changed;  // ctime, which nobody can set
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  bool operator==(const FileStatus&) const = default;
};

FileStatus status_of(const struct stat& status);

// Of an open regular file; absent when that cannot be asked, or it is something else.
std::optional<FileStatus> look_at(int file);

// What has that name in an open folder, which leads nowhere else; absent when that is no regular file.
std::optional<FileStatus> look_at(int folder, const std::string& name);

}  // namespace yam::store
