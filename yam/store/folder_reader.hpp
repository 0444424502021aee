#pragma once
// What a served folder holds, in the order in which the directory gives it, a batch at a time: a folder of a
// million entries neither holds a loop for long nor fills the memory. It shows what can be asked for: neither
// unfinished uploads nor links that lead nowhere or out of the served folder.
//
// One thread at a time. Each read is a system call per entry, 1 to 2 µs when the kernel knows the entry.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/store/directory.hpp"

namespace yam::store {

enum class EntryKind : std::uint8_t { file, folder, other };

struct FolderEntry {
  std::string name;  // as the directory has it: any bytes but '/' and NUL, perhaps a control or no UTF-8
  EntryKind kind = EntryKind::other;
  bool is_link = false;    // the rest is about what it leads to
  std::uint64_t size = 0;  // bytes, of a file
  std::chrono::sys_time<std::chrono::nanoseconds> mtime;
};

inline constexpr std::size_t entries_per_read = 256;
// Of one reader, unless it is told otherwise: 20 to 60 MiB where somebody holds them all, to sort them.
inline constexpr std::size_t folder_entries_max = 200'000;

class FolderReader {
 public:
  // Appends the next entries, and says whether there may be more. A link is shown as what it leads to.
  // Entries that come or go meanwhile may be shown or not. Code::local when the directory cannot be read on.
  Result<bool> read(std::vector<FolderEntry>& entries, std::size_t count_max = entries_per_read);

  // Whether it ended at its maximum, with entries left in the directory.
  bool cut() const { return cut_; }

 private:
  friend class Folder;
  FolderReader(net::Fd root, std::string path, Directory directory, std::size_t entries_max)
      : root_(std::move(root)),
        path_(std::move(path)),
        directory_(std::move(directory)),
        left_(entries_max) {}
  bool look_at(const char* name, FolderEntry& entry) const;

  net::Fd root_;      // beneath which links may lead
  std::string path_;  // of the directory beneath it: "a/b/", or empty
  Directory directory_;
  std::size_t left_;
  bool cut_ = false;
};

}  // namespace yam::store
