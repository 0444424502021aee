#include "yam/store/folder_reader.hpp"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/store/beneath.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"
#include "yam/store/modified.hpp"

namespace yam::store {

namespace {

EntryKind entry_kind(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::file;
  return S_ISDIR(mode) ? EntryKind::folder : EntryKind::other;
}

}  // namespace

Result<FolderReader> Folder::read_folder(std::string_view name, std::size_t entries_max) const {
  if (!name.empty())
    if (const auto good = check_existing_name(name); !good) return fail(good.error());
  const std::string what = "cannot read folder " + (name.empty() ? "itself" : quoted(name));
  auto fd = open_beneath(root_.get(), name.empty() ? "." : std::string(name), O_RDONLY | O_DIRECTORY);
  if (!fd) return fail_beneath(what, fd.error());
  net::Fd root(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
  if (!root) return fail_os(what, errno);
  Directory directory = read_directory(std::move(*fd));
  if (!directory) return fail_os(what, errno);
  return FolderReader(std::move(root), name.empty() ? "" : std::string(name) + "/", std::move(directory),
                      entries_max);
}

Result<bool> FolderReader::read(std::vector<FolderEntry>& entries, std::size_t count_max) {
  for (std::size_t count = 0; count < count_max; ++count) {
    const char* name = next_name(directory_.get());
    if (name == nullptr && errno != 0) return fail_os("cannot read folder " + quoted(path_), errno);
    if (name == nullptr) return false;
    FolderEntry entry;
    if (std::string_view(name).ends_with(part_suffix) || !look_at(name, entry)) continue;
    if (left_ == 0) {
      cut_ = true;
      return false;
    }
    --left_;
    entry.name = name;
    entries.push_back(std::move(entry));
  }
  return true;
}

// False for what is gone, leads nowhere, or out of the folder.
bool FolderReader::look_at(const char* name, FolderEntry& entry) const {
  struct stat status{};
  if (::fstatat(::dirfd(directory_.get()), name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  entry.is_link = S_ISLNK(status.st_mode);
  if (entry.is_link) {
    const auto target = open_beneath(root_.get(), path_ + name, O_PATH);
    if (!target || ::fstat(target->get(), &status) != 0) return false;
  }
  entry.kind = entry_kind(status.st_mode);
  if (entry.kind == EntryKind::file) entry.size = static_cast<std::uint64_t>(status.st_size);
  entry.mtime = modified_at(status.st_mtim);
  return true;
}

}  // namespace yam::store
