#pragma once
// The served folder: files by name, for reading and for writing anew, and what else changes in it by name.
// Names come from peers, so every open stays beneath the folder (beneath.hpp), and only regular files are
// given out: a directory, named pipe, socket or device is refused, and never waited for. What is removed or
// renamed is the name itself: a link, not what it leads to; links before the last part are followed as long
// as they stay beneath.
//
// Any thread; the calls are brief, but they are system calls and wait for the disk. None but NewFile asks
// the disk whether what was done would survive a power cut.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/store/file_status.hpp"
#include "yam/store/folder_reader.hpp"
#include "yam/store/held.hpp"
#include "yam/store/new_file.hpp"
#include "yam/store/tree_removal.hpp"

namespace yam::store {

// A regular file, open for reading, as it stood when it was opened.
struct OpenedFile : FileStatus {
  net::Fd fd;
};

enum class Renamed : std::uint8_t {
  to_free_name,
  over_another,  // which is gone
  not_at_all,    // the name is taken, and nothing was to be replaced
};

class Folder {
 public:
  // The folder at `path`, which the operator chose: links in it are followed. Code::not_found, or Code::local
  // when it cannot be read or the kernel has no openat2. Whoever renames the folder later does not disturb
  // us.
  static Result<Folder> open(const std::string& path);

  // Device and inode: two paths to one folder have the same.
  std::pair<std::uint64_t, std::uint64_t> identity() const;

  // The same folder once more, for who outlives this one. Code::local when the process is out of
  // descriptors.
  Result<Folder> duplicate() const;

  // Code::usage for what is not a name (folder_name.hpp), Code::not_found, Code::refused for what leads out
  // of the folder, is not a regular file or is an unfinished upload, Code::local for permission and
  // shortages.
  Result<OpenedFile> open_file(std::string_view name) const;

  // What has that name now, if that is a regular file, and as far as one may look. To be compared with what
  // was opened before and for nothing else: a link may lead it out of the folder.
  std::optional<FileStatus> look(const std::string& name) const;

  // A folder in this one, out of which nothing leads either, not even to the rest of this one. The same
  // codes.
  Result<Folder> open_folder(std::string_view name) const;

  // What is in a folder beneath, or in this one itself when `name` is empty. The same codes.
  Result<FolderReader> read_folder(std::string_view name, std::size_t entries_max = folder_entries_max) const;

  // One folder, in one that exists: false when the name is taken, by whatever it is. Code::not_found when
  // what it should be in is missing, else as above.
  Result<bool> make_folder(std::string_view name) const;

  // Code::refused for a folder, else as above.
  Result<void> remove_file(std::string_view name) const;

  // Whatever is there, and all beneath it: in steps, for there may be much (tree_removal.hpp).
  Result<TreeRemoval> remove_tree(std::string_view name) const;

  // In one step: nobody ever sees both names, or neither. Code::refused for a folder that is to go beneath
  // itself, over what is of another kind, or over one that is not empty; Code::local when the two lie on
  // different file systems.
  Result<Renamed> rename(std::string_view from, std::string_view to, bool overwrite) const;

  // All regular files beneath, as long as they are; without unfinished uploads, what links point to, and what
  // may not be read. 2 to 3 µs a file when the kernel knows them already.
  Held held() const;

  // What an unprivileged user may still write on its file system; the most there can be when that cannot be
  // asked.
  std::uint64_t free_bytes() const;

  // Begins a file beneath the folder, in a directory that exists. The same codes, and Code::refused when the
  // name is taken and `if_exists` says refuse, or is taken by something that is not a file.
  Result<NewFile> create_file(std::string_view name, NewFileOptions options = {},
                              std::string_view mark = {}) const;
  Result<NewFile> resume_file(std::string_view name, NewFileOptions options, std::string_view mark) const;

  // The folder in this one that is for what we keep here ourselves: it counts as unfinished, so no name leads
  // there. open_own() answers Code::not_found where it is missing, make_own() makes it then.
  Result<Folder> open_own() const;
  Result<Folder> make_own() const;

 private:
  explicit Folder(net::Fd root) : root_(std::move(root)) {}

  net::Fd root_;
};

}  // namespace yam::store
