#include "yam/store/tree_removal.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/store/beneath.hpp"

namespace yam::store {

Result<TreeRemoval> TreeRemoval::begin(net::Fd parent, std::string base, std::string name) {
  TreeRemoval removal(std::move(parent), std::move(name));
  if (::unlinkat(removal.parent_.get(), base.c_str(), 0) == 0) return removal;
  if (errno != EISDIR) return removal.fail_to_remove(errno);
  if (const auto entered = removal.enter(removal.parent_.get(), base); !entered) return fail(entered.error());
  if (removal.levels_.empty()) return removal.fail_to_remove(ENOENT);
  return removal;
}

Result<bool> TreeRemoval::remove_some(std::size_t count_max) {
  for (std::size_t count = 0; count < count_max && !levels_.empty(); ++count) {
    const char* next = next_name(levels_.back().directory.get());
    if (next == nullptr && errno != 0) return fail_to_remove(errno);
    const auto done = next == nullptr ? leave() : remove_entry(next);
    if (!done) return fail(done.error());
  }
  return !levels_.empty();
}

// What is gone meanwhile, or is no directory any more, is left to the next sweep.
Result<void> TreeRemoval::enter(int folder, const std::string& base) {
  net::Fd fd(::openat(folder, base.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) return {};
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0) return fail_to_remove(errno);
  if (levels_.empty()) device_ = status.st_dev;
  if (status.st_dev != device_)
    return fail(Code::refused,
                "cannot remove " + quoted(name_) + ": another file system is mounted at " + quoted(base));
  if (levels_.size() == tree_depth_max)
    return fail(Code::refused, "cannot remove " + quoted(name_) + ": it is more than " +
                                   std::to_string(tree_depth_max) + " folders deep");
  Directory directory = read_directory(std::move(fd));
  if (!directory) return fail_to_remove(errno);
  levels_.push_back({std::move(directory), base});
  return {};
}

Result<void> TreeRemoval::remove_entry(const std::string& base) {
  const int folder = ::dirfd(levels_.back().directory.get());
  if (::unlinkat(folder, base.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno == EISDIR) return enter(folder, base);
  return fail_to_remove(errno);
}

Result<void> TreeRemoval::leave() {
  Level& level = levels_.back();
  const int above =
      levels_.size() == 1 ? parent_.get() : ::dirfd(levels_[levels_.size() - 2].directory.get());
  const bool removed = ::unlinkat(above, level.name.c_str(), AT_REMOVEDIR) == 0;
  if (removed || errno == ENOENT || errno == ENOTDIR) {
    levels_.pop_back();
    return {};
  }
  if (errno != ENOTEMPTY && errno != EEXIST) return fail_to_remove(errno);
  if (level.sweeps == sweeps_max)
    return fail(Code::refused, "cannot remove " + quoted(name_) + ": somebody keeps writing into it");
  ++level.sweeps;
  ::rewinddir(level.directory.get());
  return {};
}

std::unexpected<Error> TreeRemoval::fail_to_remove(int errno_value) const {
  return fail_beneath("cannot remove " + quoted(name_), errno_value);
}

}  // namespace yam::store
