#include "yam/service/http_put/put_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/store/beneath.hpp"
#include "yam/store/directory.hpp"

namespace yam::service {

namespace {

// Names of a folder beneath, in order; errno's value when they cannot be read.
std::expected<std::vector<std::string>, int> names_in(int root, const std::string& name) {
  auto opened = store::open_beneath(root, name.empty() ? "." : name, O_RDONLY | O_DIRECTORY);
  if (!opened) return std::unexpected(opened.error());
  const auto directory = store::read_directory(std::move(*opened));
  if (!directory) return std::unexpected(errno);
  std::vector<std::string> names;
  while (const char* each = store::next_name(directory.get()))
    names.emplace_back(each);
  if (errno != 0) return std::unexpected(errno);
  std::ranges::sort(names);
  return names;
}

// What is at `name`, links followed as long as they stay beneath.
bool look_at(int root, const std::string& name, int flags, struct stat& status) {
  const auto opened = store::open_beneath(root, name, O_PATH | flags);
  return opened && ::fstat(opened->get(), &status) == 0;
}

}  // namespace

Result<PutTree> read_put_tree(const net::Fd& folder, const std::string& path) {
  PutTree tree;
  std::string name;
  for (std::size_t next = 0;;) {
    const auto names = names_in(folder.get(), name);
    if (!names) {
      const std::string what = "cannot read " + quoted(name.empty() ? path : path + "/" + name);
      if (name.empty()) return fail_os(what, names.error());
      tree.faults.push_back(fail_os(what, names.error()).error());
    }
    for (const std::string& each : names ? *names : std::vector<std::string>()) {
      std::string below = name.empty() ? each : name + "/" + each;
      struct stat status{};
      bool is_there = look_at(folder.get(), below, O_NOFOLLOW, status);
      const bool is_link = is_there && S_ISLNK(status.st_mode);
      if (is_link) is_there = look_at(folder.get(), below, 0, status);
      if (is_there && S_ISREG(status.st_mode)) {
        if (tree.files.size() == put_files_max)
          return fail(Code::local,
                      quoted(path) + " holds more than " + std::to_string(put_files_max) + " files");
        tree.files.push_back({std::move(below), static_cast<std::uint64_t>(status.st_size)});
      } else if (is_there && S_ISDIR(status.st_mode) && !is_link) {
        tree.folders.push_back(std::move(below));
      } else {
        ++tree.left_out;
      }
    }
    if (next == tree.folders.size()) return tree;
    name = tree.folders[next++];
  }
}

}  // namespace yam::service
