#include "yam/service/http_get/part_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/store/folder_name.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace {

constexpr const char* ledger_suffix = ".yam";
constexpr const char* syncing_suffix = ".yam~s";  // the ledger that is true once the bytes are on the disk
constexpr mode_t part_mode = 0666;                // less the umask
constexpr unsigned foreign_parts_max = 99;

std::optional<std::string> read_small(int folder, const std::string& name) {
  const net::Fd file(::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  constexpr std::size_t step = 4096;  // what /proc gives has no size
  std::string text;
  while (text.size() <= Ledger::bytes_max) {
    const std::size_t size = text.size();
    text.resize(size + std::clamp(static_cast<std::size_t>(status.st_size), step, Ledger::bytes_max));
    const ssize_t came = ::read(file.get(), text.data() + size, text.size() - size);
    if (came < 0) return std::nullopt;
    text.resize(size + static_cast<std::size_t>(came));
    if (came == 0) return text;
  }
  return std::nullopt;
}

int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

std::string boot_id() {
  const auto text = read_small(AT_FDCWD, "/proc/sys/kernel/random/boot_id");
  return text ? text->substr(0, text->find('\n')) : "";
}

PartFile::PartFile(std::string path, Existing existing)
    : path_(std::move(path)), base_(last_part(path_)), existing_(existing) {
  folder_ = path_.substr(0, path_.size() - base_.size());
}

Result<std::unique_ptr<PartFile>> PartFile::open(const std::string& path, Existing existing) {
  std::unique_ptr<PartFile> made(new PartFile(path, existing));
  const std::string& folder = made->folder_.empty() ? "." : made->folder_;
  made->parent_ = net::Fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!made->parent_) return made->fail_to_write(errno);
  if (auto good = store::check_name(made->base_); !good) return fail(Code::local, good.error().what);
  struct stat status{};
  if (::fstatat(made->parent_.get(), made->base_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    const std::string what = "cannot write " + quoted(path);
    if (existing == Existing::kept)
      return fail(Code::local, what + ": it already exists", "--force replaces it");
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
      return fail(Code::local, what + ": what is there is not a file");
  }
  if (auto taken = made->take_over(); !taken) return fail(taken.error());
  return made;
}

// NAME.part when it is free or ours, else NAME.2.part and so on.
Result<void> PartFile::take_over() {
  for (unsigned number = 1; number <= foreign_parts_max; ++number) {
    const std::string mark = number == 1 ? "" : std::to_string(number);
    part_ = store::part_of(base_, mark);
    // Its ledger's name must fit as well, also while that is new.
    const std::size_t room = store::component_bytes_max - std::string_view(syncing_suffix).size();
    for (std::string base = base_; part_.size() > room; part_ = store::part_of(base, mark)) {
      base.pop_back();
      base.resize(whole_utf8(base));
    }
    auto created = create();
    if (created || created.error().code != Code::refused) return created;
    auto reopened = reopen();
    if (!reopened) return fail(reopened.error());
    if (*reopened) return {};
  }
  return fail_to_write(EEXIST);
}

// Code::refused: there is one.
Result<void> PartFile::create() {
  fd_ = net::Fd(::openat(parent_.get(), part_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, part_mode));
  if (!fd_) return errno == EEXIST ? fail(Code::refused, "") : fail_to_write(errno);
  ::flock(fd_.get(), LOCK_EX | LOCK_NB);
  return {};
}

Result<bool> PartFile::reopen() {
  const auto text = read_small(parent_.get(), part_ + ledger_suffix);
  auto ledger = text ? Ledger::parse(*text) : Result<Ledger>(fail(Code::protocol, ""));
  fd_ = net::Fd(::openat(parent_.get(), part_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status{};
  if (!ledger || !fd_ || ::fstat(fd_.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::local, "cannot write " + quoted(path_) + ": another yam is getting it just now");
  ledger_ = std::move(*ledger);
  saved_ = *text;
  ::unlinkat(parent_.get(), (part_ + syncing_suffix).c_str(), 0);  // somebody was killed
  if (!is_ours()) {
    if (auto restarted = restart(); !restarted) return fail(restarted.error());
  }
  return true;
}

// Brings what the ledger says down, or up, to what is true of the file that lies there.
bool PartFile::is_ours() {
  struct stat status{};
  if (::fstat(fd_.get(), &status) != 0) return false;
  const auto length = static_cast<std::uint64_t>(status.st_size);
  if (ledger_.boot != boot_id()) {
    ledger_.outlive_crash();
    return !ledger_.there.empty() && ledger_.there.spans().back().end <= length;
  }
  if (ledger_.there.empty()) return true;
  if (ledger_.there.spans().back().end > length) return false;
  if (ledger_.check != check_of_last_span()) return false;
  if (ledger_.is_in_order) ledger_.there.add({0, std::min(length, ledger_.size_bytes)});
  return true;
}

std::string PartFile::check_of_last_span() const {
  if (ledger_.there.empty()) return {};
  const Span last = ledger_.there.spans().back();
  Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(last.bytes(), Ledger::checked_bytes)));
  const auto at = static_cast<off_t>(last.end - bytes.size());
  const ssize_t came = ::pread(fd_.get(), bytes.data(), bytes.size(), at);
  return came == static_cast<ssize_t>(bytes.size())
             ? joined_hex(store::digest_of(store::DigestKind::sha256, bytes))
             : "unreadable";
}

Result<void> PartFile::save() {
  if (part_.empty() || ledger_.tag.empty()) return {};
  ledger_.boot = boot_id();
  ledger_.check = check_of_last_span();
  std::string text = ledger_.to_text();
  if (text == saved_) return {};
  // Whole or not at all, whatever kills us; who loses it in a power cut begins anew.
  const std::string name = part_ + ledger_suffix, fresh = name + "~";
  const net::Fd file(::openat(parent_.get(), fresh.c_str(),
                              O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, part_mode));
  if (!file) return fail_to_write(errno);
  int error = write_all(file.get(), text);
  if (error == 0 && ::renameat(parent_.get(), fresh.c_str(), parent_.get(), name.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlinkat(parent_.get(), fresh.c_str(), 0);
    return fail_to_write(error);
  }
  saved_ = std::move(text);
  return {};
}

Result<PartFile::Sync> PartFile::begin_sync() {
  Sync sync;
  const std::string fresh = part_ + syncing_suffix;
  sync.part_ = net::Fd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  sync.ledger_ = net::Fd(::openat(parent_.get(), fresh.c_str(),
                                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, part_mode));
  if (!sync.part_ || !sync.ledger_) return fail_to_write(errno);
  Ledger told = ledger_;
  told.synced = told.there;
  told.boot = boot_id();
  told.check = check_of_last_span();
  sync.text_ = told.to_text();
  syncing_ = std::move(told.there);
  return sync;
}

Result<void> PartFile::Sync::run() {
  if (::fdatasync(part_.get()) != 0) return fail_os("cannot sync a .part", errno);
  int error = write_all(ledger_.get(), text_);
  if (error == 0 && ::fdatasync(ledger_.get()) != 0) error = errno;
  if (error != 0) return fail_os("cannot sync the ledger of a .part", error);
  return {};
}

void PartFile::end_sync(bool did_well) {
  const std::string fresh = part_ + syncing_suffix, name = part_ + ledger_suffix;
  if (!syncing_) return;
  // What was forgotten meanwhile stands in the ledger that was written: then it may not lie there.
  const bool is_true = did_well && !was_forgotten_;
  if (is_true && ::renameat(parent_.get(), fresh.c_str(), parent_.get(), name.c_str()) == 0) {
    ledger_.synced = std::move(*syncing_);
    ledger_.synced.keep(ledger_.there);
    saved_.clear();
  } else {
    ::unlinkat(parent_.get(), fresh.c_str(), 0);
  }
  syncing_.reset();
  was_forgotten_ = false;
}

void PartFile::forget(Span span) {
  ledger_.forget(span);
  was_forgotten_ = syncing_.has_value();
}

Result<void> PartFile::write_in_order(bool in_order) {
  const std::uint64_t front = ledger_.there.front_bytes();
  ledger_.is_in_order = in_order && front == ledger_.there.bytes();
  // What lies behind would be taken for what is there.
  if (ledger_.is_in_order && ::ftruncate(fd_.get(), static_cast<off_t>(front)) != 0)
    return fail_to_write(errno);
  return save();
}

Result<void> PartFile::restart() {
  end_sync(false);
  ledger_ = {};
  saved_.clear();
  ::unlinkat(parent_.get(), (part_ + ledger_suffix).c_str(), 0);
  if (::ftruncate(fd_.get(), 0) != 0) return fail_to_write(errno);
  return {};
}

Result<std::unique_ptr<net::FdStream>> PartFile::writer(net::Loop& loop, std::uint64_t offset) const {
  const std::string own = "/proc/self/fd/" + std::to_string(fd_.get());
  net::Fd file(::open(own.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return fail_to_write(errno);
  if (::lseek(file.get(), static_cast<off_t>(offset), SEEK_SET) < 0) return fail_to_write(errno);
  return net::FdStream::over_pair(loop, net::Fd(), std::move(file));
}

Result<void> PartFile::commit(std::optional<std::chrono::sys_seconds> modified) {
  end_sync(false);
  if (modified) {
    const timespec time{static_cast<time_t>(modified->time_since_epoch().count()), 0};
    const timespec times[] = {time, time};
    ::futimens(fd_.get(), times);  // a file system without times loses nothing else
  }
  const unsigned how = existing_ == Existing::replaced ? 0 : RENAME_NOREPLACE;
  const bool renamed = ::renameat2(parent_.get(), part_.c_str(), parent_.get(), base_.c_str(), how) == 0 ||
                       // Some file systems cannot rename so: there a hard link fails when the name is taken.
                       (how != 0 && (errno == EINVAL || errno == ENOSYS) &&
                        ::linkat(parent_.get(), part_.c_str(), parent_.get(), base_.c_str(), 0) == 0 &&
                        ::unlinkat(parent_.get(), part_.c_str(), 0) == 0);
  if (!renamed) return fail_to_write(errno);
  ::unlinkat(parent_.get(), (part_ + ledger_suffix).c_str(), 0);
  part_.clear();
  return {};
}

void PartFile::discard() {
  if (part_.empty()) return;
  end_sync(false);
  ::unlinkat(parent_.get(), part_.c_str(), 0);
  ::unlinkat(parent_.get(), (part_ + ledger_suffix).c_str(), 0);
  part_.clear();
}

PartFile::~PartFile() {
  if (part_.empty() || !fd_) return;
  end_sync(false);
  if (!can_go_on() || !save()) discard();
}

std::unexpected<Error> PartFile::fail_to_write(int errno_value) const {
  Error error = fail_os("cannot write " + quoted(path_), errno_value).error();
  error.code = Code::local;  // a name that is taken meanwhile is this machine's doing too
  return fail(std::move(error));
}

}  // namespace yam::service
