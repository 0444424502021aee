#pragma once
// The served folder: files by name, for reading and for writing anew. Names come from peers, so every open
// stays beneath the folder (beneath.hpp), and only regular files are given out: a directory, named pipe,
// socket or device is refused, and never waited for.
//
// Any thread; the calls are brief, but they are system calls and wait for the disk.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/store/new_file.hpp"

namespace yam::store {

// A regular file, open for reading, as it stood when it was opened.
struct OpenedFile {
  net::Fd fd;
  std::uint64_t size = 0;  // bytes
  std::chrono::sys_time<std::chrono::nanoseconds> mtime;
  std::uint64_t inode = 0;
};

class Folder {
 public:
  // The folder at `path`, which the operator chose: links in it are followed. Code::not_found, or Code::local
  // when it cannot be read or the kernel has no openat2. Whoever renames the folder later does not disturb
  // us.
  static Result<Folder> open(const std::string& path);

  // Code::usage for what is not a name (folder_name.hpp), Code::not_found, Code::refused for what leads out
  // of the folder, is not a regular file or is an unfinished upload, Code::local for permission and
  // shortages.
  Result<OpenedFile> open_file(std::string_view name) const;

  // A folder in this one, out of which nothing leads either, not even to the rest of this one. The same
  // codes.
  Result<Folder> open_folder(std::string_view name) const;

  // Bytes of all regular files beneath, as long as they are; without unfinished uploads, what links point to,
  // and what may not be read. 2 to 3 µs a file when the kernel knows them already.
  std::uint64_t held_bytes() const;

  // Begins a file beneath the folder, in a directory that exists. The same codes, and Code::refused when the
  // name is taken and `if_exists` says refuse, or is taken by something that is not a file.
  Result<NewFile> create_file(std::string_view name, NewFileOptions options = {}) const;

 private:
  explicit Folder(net::Fd root) : root_(std::move(root)) {}

  net::Fd root_;
};

}  // namespace yam::store
