#include "yam/store/new_file.hpp"

#include <array>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/store/beneath.hpp"
#include "yam/store/folder_name.hpp"
#include "yam/store/free_name.hpp"

namespace yam::store {

namespace {

// NAME.part, then names with a random mark: however many peers vanished before, the next one finds a name.
constexpr int part_tries_max = 16;
constexpr std::size_t mark_letters = 6;

std::string random_mark() {
  constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
  std::array<unsigned char, mark_letters> bytes{};
  // So few bytes come whole, once the machine has booted; and O_EXCL, not chance, keeps parts apart.
  [[maybe_unused]] const ssize_t drawn = ::getrandom(bytes.data(), bytes.size(), 0);
  std::string mark;
  for (const unsigned char byte : bytes)
    mark += letters[byte % letters.size()];
  return mark;
}

// Whether a file of this name could be put there, as far as one can say before the bytes have come.
Result<void> check_target(int folder, const std::string& base, IfExists if_exists, const std::string& what) {
  struct stat status{};
  if (if_exists == IfExists::number) return {};
  if (::fstatat(folder, base.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
  if (if_exists == IfExists::refuse) return fail(Code::refused, what + ": it already exists");
  if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
    return fail(Code::refused, what + ": what is there is not a file");
  return {};
}

}  // namespace

NewFile::NewFile(std::string_view name, NewFileOptions options)
    : folder_(split(name).folder), base_(split(name).base), options_(options) {}

Result<NewFile> NewFile::begin(int root, std::string_view name, NewFileOptions options) {
  if (const auto good = check_name(name); !good) return fail(good.error());
  NewFile file(name, options);
  auto parent = open_beneath(root, file.folder_.empty() ? "." : file.folder_, O_RDONLY | O_DIRECTORY);
  if (!parent) return fail_beneath("cannot write " + quoted(name), parent.error());
  file.parent_ = std::move(*parent);
  return file;
}

Result<NewFile> NewFile::create(int root, std::string_view name, NewFileOptions options,
                                std::string_view mark) {
  const std::string what = "cannot write " + quoted(name);
  auto file = begin(root, name, options);
  if (!file) return file;
  if (const auto free = check_target(file->parent_.get(), file->base_, options.if_exists, what); !free)
    return fail(free.error());

  int error = EEXIST;
  const int tries_max = mark.empty() ? part_tries_max : 1;
  for (int tries = 0; tries < tries_max && error == EEXIST; ++tries) {
    file->part_ = part_of(file->base_, tries == 0 ? std::string(mark) : random_mark());
    auto fd = open_beneath(file->parent_.get(), file->part_, O_RDWR | O_CREAT | O_EXCL, options.mode);
    if (fd) {
      file->fd_ = std::move(*fd);
      return file;
    }
    error = fd.error();
  }
  return fail_beneath(what, error);
}

Result<NewFile> NewFile::resume(int root, std::string_view name, NewFileOptions options,
                                std::string_view mark) {
  auto file = begin(root, name, options);
  if (!file) return file;
  file->part_ = part_of(file->base_, mark);
  const std::string what = "cannot go on writing " + quoted(name);
  auto fd = open_beneath(file->parent_.get(), file->part_, O_RDWR | O_NOFOLLOW);
  if (!fd) return fail_beneath(what, fd.error());
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return fail_os(what, errno);
  if (!S_ISREG(status.st_mode)) return fail(Code::refused, what + ": it is not a file");
  file->fd_ = std::move(*fd);
  return file;
}

Result<net::Fd> NewFile::duplicate() const {
  net::Fd copy(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return fail_to_write(errno);
  return copy;
}

Result<void> NewFile::write(ByteView bytes) {
  assert(!part_.empty());
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_to_write(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::string> NewFile::commit() {
  assert(!part_.empty());
  if (options_.sync && ::fsync(fd_.get()) != 0) return fail_to_write(errno);
  auto taken = take_name();
  if (!taken) return taken;
  part_.clear();
  // EINVAL: a file system that cannot sync a directory, and has nothing to sync.
  if (options_.sync && ::fsync(parent_.get()) != 0 && errno != EINVAL) return fail_to_write(errno);
  return taken;
}

Result<void> NewFile::discard() {
  if (part_.empty()) return {};
  const std::string part = part_name();
  if (::unlinkat(parent_.get(), part_.c_str(), 0) != 0)
    return fail_os("cannot remove " + quoted(part), errno);
  part_.clear();
  return {};
}

Result<std::string> NewFile::take_name() {
  if (options_.if_exists == IfExists::replace) {
    if (options_.expected && look_at(parent_.get(), base_) != options_.expected)
      return fail(Code::refused, "cannot write " + quoted(name()) + ": another has replaced it meanwhile");
    if (::renameat(parent_.get(), part_.c_str(), parent_.get(), base_.c_str()) != 0)
      return fail_to_write(errno);
    return name();
  }
  const unsigned last = options_.if_exists == IfExists::number ? numbered_max : 1;
  for (unsigned number = 1; number <= last; ++number) {
    const std::string base = number == 1 ? base_ : numbered(base_, number);
    const int error = rename_to_free_name(parent_.get(), part_, parent_.get(), base);
    if (error == 0) return folder_ + base;
    if (error != EEXIST) return fail_to_write(error);
  }
  const std::string also = last == 1 ? "" : ", and so do its numbers up to " + std::to_string(last);
  return fail(Code::refused, "cannot write " + quoted(name()) + ": it already exists" + also);
}

std::unexpected<Error> NewFile::fail_to_write(int errno_value) const {
  return fail_os("cannot write " + quoted(name()), errno_value);
}

}  // namespace yam::store
