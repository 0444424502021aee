#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/store/beneath.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"
#include "yam/store/free_name.hpp"

namespace yam::store {

namespace {

constexpr mode_t folder_mode_max = 0777;  // less the umask

// Where a name lies: calls on `base` alone reach nothing but `parent`, whatever is swapped meanwhile.
struct Place {
  net::Fd parent;
  std::string base;
};

Result<Place> find_place(int root, std::string_view name, const std::string& what) {
  const auto [folder, base] = split(name);
  auto parent = open_beneath(root, folder.empty() ? "." : std::string(folder), O_RDONLY | O_DIRECTORY);
  if (!parent) return fail_beneath(what, parent.error());
  return Place{std::move(*parent), std::string(base)};
}

bool is_folder(const Place& place) {
  struct stat status{};
  return ::fstatat(place.parent.get(), place.base.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(status.st_mode);
}

std::unexpected<Error> fail_to_rename(const std::string& what, int errno_value, const Place& from) {
  switch (errno_value) {
    case EXDEV:
      return fail(Code::local, what + ": that is another file system");
    case EINVAL:
      if (!is_folder(from)) break;
      return fail(Code::refused, what + ": a folder cannot go beneath itself");
    case EISDIR:
    case ENOTDIR:
      return fail(Code::refused, what + ": one of the two is a folder");
    case ENOTEMPTY:
    case EEXIST:
      return fail(Code::refused, what + ": the folder that is there is not empty");
    default:
      break;
  }
  return fail_beneath(what, errno_value);
}

}  // namespace

Result<bool> Folder::make_folder(std::string_view name) const {
  if (const auto good = check_name(name); !good) return fail(good.error());
  const std::string what = "cannot make folder " + quoted(name);
  const auto place = find_place(root_.get(), name, what);
  if (!place) return fail(place.error());
  if (::mkdirat(place->parent.get(), place->base.c_str(), folder_mode_max) == 0) return true;
  if (errno == EEXIST) return false;
  return fail_beneath(what, errno);
}

Result<void> Folder::remove_file(std::string_view name) const {
  if (const auto good = check_existing_name(name); !good) return fail(good.error());
  const std::string what = "cannot remove " + quoted(name);
  const auto place = find_place(root_.get(), name, what);
  if (!place) return fail(place.error());
  if (::unlinkat(place->parent.get(), place->base.c_str(), 0) == 0) return {};
  if (errno == EISDIR) return fail(Code::refused, what + ": it is a directory");
  return fail_beneath(what, errno);
}

Result<TreeRemoval> Folder::remove_tree(std::string_view name) const {
  if (const auto good = check_existing_name(name); !good) return fail(good.error());
  auto place = find_place(root_.get(), name, "cannot remove " + quoted(name));
  if (!place) return fail(place.error());
  return TreeRemoval::begin(std::move(place->parent), std::move(place->base), std::string(name));
}

Result<Renamed> Folder::rename(std::string_view from, std::string_view to, bool overwrite) const {
  if (const auto good = check_existing_name(from); !good) return fail(good.error());
  if (const auto good = check_name(to); !good) return fail(good.error());
  const std::string what = "cannot rename " + quoted(from) + " to " + quoted(to);
  const auto source = find_place(root_.get(), from, what);
  if (!source) return fail(source.error());
  const auto target = find_place(root_.get(), to, what);
  if (!target) return fail(target.error());

  const int error =
      rename_to_free_name(source->parent.get(), source->base, target->parent.get(), target->base);
  if (error == 0) return Renamed::to_free_name;
  if (error != EEXIST) return fail_to_rename(what, error, *source);
  if (!overwrite) return Renamed::not_at_all;
  if (::renameat(source->parent.get(), source->base.c_str(), target->parent.get(), target->base.c_str()) != 0)
    return fail_to_rename(what, errno, *source);
  return Renamed::over_another;
}

}  // namespace yam::store
