#pragma once
// What is sent: files and folders from anywhere, each under one name, or what stdin gives. Opened once, so
// that whoever renames a folder later does not disturb us, and walked once, so that it is known what
// "everything" is.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

inline constexpr std::size_t send_files_max = 200'000;  // in all folders together
inline constexpr std::size_t send_items_max = 1000;     // files and folders that are named
inline constexpr const char* send_stdin = "-";

struct SendItem {
  enum class Kind : std::uint8_t { file, folder, stream };

  Kind kind = Kind::file;
  std::string name;  // as receivers see it: one part of a path
  // What is opened for a receiver lies beneath; items of one folder share it. Null for a stream.
  std::shared_ptr<const store::Folder> root;
  std::string inner;               // a file's name there; empty for a folder, which is the root itself
  std::vector<std::string> files;  // a folder's, sorted: "a/b.txt"
  std::uint64_t bytes = 0;         // as long as they were
  std::chrono::sys_time<std::chrono::nanoseconds> mtime = {};
};

struct SendItems {
  std::vector<SendItem> items;
  std::vector<Error> left_out;  // beneath the folders: what cannot be read
};

// Links that are named are followed; those in folders lead only to files of the same folder. `name` calls a
// single item otherwise. Code::usage for what is no file or folder, for two of one name, for stdin besides
// others; Code::local for what cannot be read; Code::refused beyond the limits.
Result<SendItems> open_send_items(const std::vector<std::string>& paths, const std::string& name);

}  // namespace yam::service
