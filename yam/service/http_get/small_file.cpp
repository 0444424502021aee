#include "yam/service/http_get/small_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

std::optional<SmallFolder::Place> SmallFolder::find(const std::string& path) {
  const std::string_view base = last_part(path);
  const std::string_view folder = std::string_view(path).substr(0, path.size() - base.size());
  if (!folder_ || folder != path_) {
    path_ = folder;
    folder_ = std::make_shared<const net::Fd>(
        ::open(folder.empty() ? "." : path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  if (!*folder_ || !store::check_name(base)) return std::nullopt;
  return Place{folder_, std::string(base)};
}

bool SmallFile::is_free(SmallFolder& folder, const std::string& path, PartFile::Existing existing) {
  if (existing == PartFile::Existing::replaced) return true;
  const auto place = folder.find(path);
  struct stat status{};
  return place && ::fstatat(place->folder->get(), place->base.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0;
}

std::optional<SmallFile> SmallFile::create(SmallFolder& folder, const std::string& path,
                                           PartFile::Existing existing) {
  constexpr mode_t mode = 0666;  // less the umask
  auto place = folder.find(path);
  if (!place) return std::nullopt;
  std::string part = store::part_of(place->base, "");
  net::Fd fd(::openat(place->folder->get(), part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd) return std::nullopt;
  return SmallFile(std::move(*place), std::move(part), std::move(fd), existing);
}

SmallFile::SmallFile(SmallFolder::Place place, std::string part, net::Fd fd, PartFile::Existing existing)
    : place_(std::move(place)), part_(std::move(part)), fd_(std::move(fd)), existing_(existing) {}

SmallFile::~SmallFile() {
  if (fd_) ::unlinkat(place_.folder->get(), part_.c_str(), 0);
}

Result<void> SmallFile::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      Error error = fail_os("cannot write " + quoted(place_.base), errno).error();
      error.code = Code::local;
      return fail(std::move(error));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

bool SmallFile::commit(std::optional<std::chrono::sys_seconds> modified) {
  if (modified) {
    const timespec time{static_cast<time_t>(modified->time_since_epoch().count()), 0};
    const timespec times[] = {time, time};
    ::futimens(fd_.get(), times);  // a file system without times loses nothing else
  }
  const int folder = place_.folder->get();
  const unsigned how = existing_ == PartFile::Existing::replaced ? 0 : RENAME_NOREPLACE;
  if (::renameat2(folder, part_.c_str(), folder, place_.base.c_str(), how) != 0) return false;
  fd_ = net::Fd();
  return true;
}

}  // namespace yam::service
