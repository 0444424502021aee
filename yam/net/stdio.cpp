#include "yam/net/stdio.hpp"

#include <cerrno>
#include <fcntl.h>
#include <initializer_list>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace yam::net {

namespace {

// A descriptor of ours for a standard one; `lent` when its description is shared and was made non-blocking.
struct Opened {
  Fd fd;
  bool lent = false;
};

void set_non_blocking(int fd, bool on) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags >= 0) ::fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

// A named pipe opened after its last writer left never reports the end (pipe_poll compares the writers seen
// since), so only nameless ones, and terminals, are opened anew.
bool may_be_reopened(int fd, const struct stat& status) {
  struct statfs system{};
  if (S_ISFIFO(status.st_mode)) return ::fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC;
  return S_ISCHR(status.st_mode) && ::isatty(fd) != 0;
}

Result<Opened> open_standard(int fd, int direction) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return Opened{};
  if (may_be_reopened(fd, status)) {
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    Fd own(::open(path.c_str(), direction | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (own) return Opened{std::move(own)};
  }
  Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!copy) return fail_os(direction == O_RDONLY ? "cannot use stdin" : "cannot use stdout", errno);
  // When both ways are one description, only the first finds it blocking, and gives it back at the end.
  const bool lent = !S_ISREG(status.st_mode) && (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
  if (lent) set_non_blocking(fd, true);
  return Opened{std::move(copy), lent};
}

bool is_one_socket(int in, int out) {
  struct stat a{};
  struct stat b{};
  return ::fstat(in, &a) == 0 && ::fstat(out, &b) == 0 && S_ISSOCK(a.st_mode) && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

void leave_null_at(std::initializer_list<int> standard) {
  const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int fd : standard)
    if (null && ::fcntl(fd, F_GETFD) >= 0) ::dup2(null.get(), fd);
}

// Gives a shared description back as it was before its last descriptor of ours closes.
class LentStream final : public Stream {
 public:
  LentStream(std::unique_ptr<FdStream> stream, bool lent_in, bool lent_out)
      : stream_(std::move(stream)), lent_in_(lent_in), lent_out_(lent_out) {}
  ~LentStream() override {
    give_back(lent_in_, stream_->read_fd());
    give_back(lent_out_, stream_->write_fd());
  }

  Attempt try_read(ByteSpan into) override { return stream_->try_read(into); }
  Attempt try_write(std::span<const ByteView> parts) override { return stream_->try_write(parts); }
  Attempt try_finish() override {
    give_back(lent_out_, stream_->write_fd());
    return stream_->try_finish();
  }
  Watch& read_watch() override { return stream_->read_watch(); }
  Watch& write_watch() override { return stream_->write_watch(); }
  void abort() override {
    give_back(lent_in_, stream_->read_fd());
    give_back(lent_out_, stream_->write_fd());
    stream_->abort();
  }
  std::optional<int> read_fd() const override { return stream_->read_fd(); }
  std::optional<int> write_fd() const override { return stream_->write_fd(); }

 private:
  static void give_back(bool& lent, std::optional<int> fd) {
    if (lent && fd) set_non_blocking(*fd, false);
    lent = false;
  }

  std::unique_ptr<FdStream> stream_;
  bool lent_in_;
  bool lent_out_;
};

}  // namespace

Result<std::unique_ptr<Stream>> open_stdio(Loop& loop, StdioOptions options) {
  auto in = open_standard(options.in, O_RDONLY);
  if (!in) return fail(in.error());
  Opened out;
  const bool one_socket = is_one_socket(options.in, options.out);
  if (!one_socket) {
    auto opened = open_standard(options.out, O_WRONLY);
    if (!opened) {
      if (in->lent) set_non_blocking(options.in, false);
      return fail(opened.error());
    }
    out = std::move(*opened);
  }
  const bool lent_in = in->lent;
  const bool lent_out = out.lent;
  auto stream = one_socket ? FdStream::over_socket(loop, std::move(in->fd))
                           : FdStream::over_pair(loop, std::move(in->fd), std::move(out.fd));
  if (!stream) {
    if (lent_in) set_non_blocking(options.in, false);
    if (lent_out) set_non_blocking(options.out, false);
    return fail(stream.error());
  }
  if (options.take) leave_null_at({options.in, options.out});
  if (!lent_in && !lent_out) return std::move(*stream);
  return std::make_unique<LentStream>(std::move(*stream), lent_in, lent_out);
}

Result<std::unique_ptr<FdStream>> open_file(Loop& loop, const std::string& path, FileUse use, mode_t mode) {
  int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  switch (use) {
    case FileUse::read:
      flags |= O_RDONLY;
      break;
    case FileUse::write:
      flags |= O_WRONLY | O_CREAT | O_TRUNC;
      break;
    case FileUse::append:
      flags |= O_WRONLY | O_CREAT | O_APPEND;
      break;
  }
  const std::string what = "cannot open " + path;
  Fd file(::open(path.c_str(), flags, mode));
  if (!file && errno == ENXIO && use != FileUse::read)
    return fail(Code::local, what + ": nobody reads this pipe", "start its reader first");
  if (!file) return fail(Code::local, fail_os(what, errno).error().what);
  struct stat status{};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode)) return fail_os(what, EISDIR);
  if (use == FileUse::read) return FdStream::over_pair(loop, std::move(file), Fd());
  return FdStream::over_pair(loop, Fd(), std::move(file));
}

bool is_special_file(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace yam::net
