#include "yam/net/fd_stream.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace yam::net {

namespace {

constexpr std::size_t parts_max = 64;  // of one call

// One piece goes by send(): checking a msghdr costs the kernel 3 % of a small message.
ssize_t send_pieces(int socket, std::span<iovec> pieces) {
  if (pieces.size() == 1) return ::send(socket, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL);
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

Result<std::unique_ptr<FdStream>> FdStream::over_socket(Loop& loop, Fd socket) {
  // Two small writes under Nagle took 44 ms a round trip, one took 30 µs. Fails harmlessly where there is no
  // TCP.
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::unique_ptr<FdStream> stream(new FdStream(loop, Kind::socket, std::move(socket), Fd()));
  if (auto attached = stream->attach(); !attached) return fail(attached.error());
  return stream;
}

Result<std::unique_ptr<FdStream>> FdStream::over_pair(Loop& loop, Fd in, Fd out) {
  std::unique_ptr<FdStream> stream(new FdStream(loop, Kind::pair, std::move(in), std::move(out)));
  if (auto attached = stream->attach(); !attached) return fail(attached.error());
  return stream;
}

FdStream::FdStream(Loop& loop, Kind kind, Fd in, Fd out)
    : in_(std::move(in)), out_(std::move(out)), in_watch_(loop), kind_(kind) {
  if (kind == Kind::pair) out_watch_ = std::make_unique<Watch>(loop);
}

Result<void> FdStream::attach() {
  if (in_) {
    struct stat status{};
    ::fstat(in_.get(), &status);
    short_read_drains_ = S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode);
    if (auto attached = Watch::attach(in_watch_, in_.get()); !attached) return attached;
  }
  if (out_)
    if (auto attached = Watch::attach(*out_watch_, out_.get()); !attached) return attached;
  return {};
}

Attempt FdStream::try_read(ByteSpan into) {
  if (!in_) return 0;
  if (!in_watch_.is_readable()) return std::nullopt;
  for (;;) {
    const ssize_t count = ::read(in_.get(), into.data(), into.size());
    if (count >= 0) {
      const auto bytes = static_cast<std::size_t>(count);
      if (short_read_drains_ && bytes < into.size()) in_watch_.came_short();
      return bytes;
    }
    if (errno == EINTR) continue;
    if (would_block()) {
      in_watch_.drained();
      return std::nullopt;
    }
    if (errno == EIO && kind_ == Kind::pair) return 0;  // a terminal whose other side is gone (tty_ioctl(4))
    return fail_os("cannot read", errno);
  }
}

Attempt FdStream::try_write(std::span<const ByteView> parts) {
  if (kind_ == Kind::pair && !out_) return fail(Code::local, "cannot write: this side only reads");
  if (!write_watch().is_writable()) return std::nullopt;
  iovec pieces[parts_max];
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const ByteView part : parts) {
    if (part.empty() || count == parts_max) continue;
    pieces[count++] = {const_cast<std::byte*>(part.data()), part.size()};
    bytes += part.size();
  }
  for (;;) {
    const ssize_t written = kind_ == Kind::socket ? send_pieces(in_.get(), std::span(pieces, count))
                                                  : ::writev(out_.get(), pieces, static_cast<int>(count));
    if (written >= 0) {
      if (static_cast<std::size_t>(written) < bytes) write_watch().filled();
      return static_cast<std::size_t>(written);
    }
    if (errno == EINTR) continue;
    if (would_block()) {
      write_watch().filled();
      return std::nullopt;
    }
    return fail_os("cannot write", errno);
  }
}

Attempt FdStream::try_finish() {
  if (kind_ == Kind::socket) {
    if (::shutdown(in_.get(), SHUT_WR) != 0 && errno != ENOTCONN)
      return fail_os("cannot end the sending side", errno);
  } else {
    out_watch_->detach();
    out_.close();
  }
  return 0;
}

void FdStream::abort() {
  if (kind_ == Kind::socket) {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(in_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  } else {
    out_watch_->detach();
    out_.close();
  }
  in_watch_.detach();
  in_.close();
  // Whoever waits learns of it at his next attempt.
  in_watch_.handle_events(EPOLLHUP);
  if (out_watch_) out_watch_->handle_events(EPOLLHUP);
}

std::optional<int> FdStream::read_fd() const {
  return in_ ? std::optional(in_.get()) : std::nullopt;
}

std::optional<int> FdStream::write_fd() const {
  const Fd& out = kind_ == Kind::socket ? in_ : out_;
  return out ? std::optional(out.get()) : std::nullopt;
}

}  // namespace yam::net
