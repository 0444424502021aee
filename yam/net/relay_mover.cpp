#include "yam/net/relay_mover.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yam::net {

namespace {

enum class Kind : std::uint8_t { unknown, file, pipe, socket };

Kind kind_of(std::optional<int> fd) {
  struct stat status{};
  if (!fd || ::fstat(*fd, &status) != 0) return Kind::unknown;
  if (S_ISREG(status.st_mode)) return Kind::file;
  if (S_ISFIFO(status.st_mode)) return Kind::pipe;
  return S_ISSOCK(status.st_mode) ? Kind::socket : Kind::unknown;
}

// The kernel cannot do this between these two: a target with O_APPEND, a source without pages such as /proc.
bool is_refusal(int errno_value) {
  return errno_value == EINVAL || errno_value == ENOSYS || errno_value == EOPNOTSUPP;
}

Error cannot(const char* act, int errno_value) {
  return fail_os(std::string("cannot ") + act, errno_value).error();
}

ssize_t splice_some(int from, int to, std::size_t bytes) {
  for (;;) {
    const ssize_t count = ::splice(from, nullptr, to, nullptr, bytes, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (count >= 0 || errno != EINTR) return count;
  }
}

}  // namespace

RelayMover::RelayMover(Stream& from, Stream& to, std::uint64_t bytes_max)
    : from_(from), to_(to), left_(bytes_max) {
  const Kind source = kind_of(from.read_fd());
  const Kind target = kind_of(to.write_fd());
  if (source == Kind::unknown || target == Kind::unknown) return;
  from_fd_ = *from.read_fd();
  to_fd_ = *to.write_fd();
  source_is_pipe_ = source == Kind::pipe;
  if (source == Kind::file) {
    way_ = bulk_way_ = Way::sendfile;
  } else if (source_is_pipe_ || target == Kind::pipe) {
    bulk_way_ = Way::splice;
  } else {
    bulk_way_ = Way::splice_through_pipe;
  }
}

RelayMover::Step RelayMover::step() {
  if (!held_.empty()) return write_held();
  if (pipe_.held > 0) return bulk_way_ == Way::copy ? take_from_pipe() : drain_pipe();
  if (left_ == 0) return Step::limit_reached;
  switch (way_) {
    case Way::copy:
      return copy();
    case Way::sendfile:
      return send_file();
    case Way::splice:
      return splice_directly();
    case Way::splice_through_pipe:
      return fill_pipe();
  }
  return Step::source_ended;
}

RelayMover::Step RelayMover::copy() {
  const ByteSpan buffer = from_.read_watch().loop().scratch();
  const Attempt came = from_.try_read(buffer.first(allowed(buffer.size())));
  if (!came) return Step::source_empty;
  if (!*came) return failed(Step::read_failed, came->error());
  if (**came == 0) return Step::source_ended;
  left_ -= **came;
  change_way_after(**came);
  return write_or_hold(buffer.first(**came));
}

// What the target does not take at once gets memory of its own: the next task may use the shared buffer.
RelayMover::Step RelayMover::write_or_hold(ByteView bytes) {
  const Attempt took = to_.try_write(std::span(&bytes, 1));
  if (took && !*took) return failed(Step::write_failed, took->error());
  const std::size_t taken = took ? **took : 0;
  if (taken < bytes.size()) held_ = copy_of(bytes.subspan(taken));
  return taken == 0 ? Step::target_full : moved(taken);
}

RelayMover::Step RelayMover::write_held() {
  const ByteView rest = ByteView(held_).subspan(held_taken_);
  const Attempt took = to_.try_write(std::span(&rest, 1));
  if (!took) return Step::target_full;
  if (!*took) return failed(Step::write_failed, took->error());
  held_taken_ += **took;
  if (held_taken_ == held_.size()) {
    held_ = Bytes();
    held_taken_ = 0;
  }
  return moved(**took);
}

RelayMover::Step RelayMover::send_file() {
  if (!to_.write_watch().is_writable()) return Step::target_full;
  for (;;) {
    const ssize_t count = ::sendfile(to_fd_, from_fd_, nullptr, allowed(step_bytes));
    if (count == 0) return Step::source_ended;
    if (count > 0) {
      left_ -= static_cast<std::size_t>(count);
      return moved(static_cast<std::size_t>(count));
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      to_.write_watch().filled();
      return Step::target_full;
    }
    // EIO may be the disk's: the plain read says so.
    if (is_refusal(errno) || errno == EIO) return fall_back();
    return failed(Step::write_failed, cannot("write", errno));
  }
}

// One side is a pipe, so no other is needed; whatever the kernel refuses stays where it was.
RelayMover::Step RelayMover::splice_directly() {
  if (!from_.read_watch().is_readable()) return Step::source_empty;
  if (!to_.write_watch().is_writable()) return Step::target_full;
  const ssize_t count = splice_some(from_fd_, to_fd_, allowed(step_bytes));
  if (count == 0) return Step::source_ended;
  if (count > 0) {
    left_ -= static_cast<std::size_t>(count);
    change_way_after(static_cast<std::size_t>(count));
    return moved(static_cast<std::size_t>(count));
  }
  if (errno == EAGAIN) return find_out_what_blocks();
  if (is_refusal(errno)) return fall_back();
  // A pipe that is read cannot fail, and of one that is written only the reader can be gone.
  if (source_is_pipe_ || errno == EPIPE) return failed(Step::write_failed, cannot("write", errno));
  return failed(Step::read_failed, cannot("read", errno));
}

RelayMover::Step RelayMover::fill_pipe() {
  if (!from_.read_watch().is_readable()) return Step::source_empty;
  if (!pipe_.in && !open_pipe()) return fall_back();
  const ssize_t count = splice_some(from_fd_, pipe_.in.get(), allowed(step_bytes));
  if (count == 0) return Step::source_ended;
  if (count > 0) {
    pipe_.held = static_cast<std::size_t>(count);
    left_ -= pipe_.held;
    change_way_after(pipe_.held);
    return drain_pipe();
  }
  if (errno == EAGAIN) {
    from_.read_watch().drained();
    return Step::source_empty;
  }
  return is_refusal(errno) ? fall_back() : failed(Step::read_failed, cannot("read", errno));
}

RelayMover::Step RelayMover::drain_pipe() {
  if (!to_.write_watch().is_writable()) return Step::target_full;
  const ssize_t count = splice_some(pipe_.out.get(), to_fd_, pipe_.held);
  if (count > 0) {
    pipe_.held -= static_cast<std::size_t>(count);
    if (pipe_.held == 0 && way_ == Way::copy) pipe_ = {};
    return moved(static_cast<std::size_t>(count));
  }
  if (errno == EAGAIN) {
    to_.write_watch().filled();
    return Step::target_full;
  }
  return is_refusal(errno) ? fall_back() : failed(Step::write_failed, cannot("write", errno));
}

// The target refused the splice: what the pipe holds goes by the buffer, as does all that follows.
RelayMover::Step RelayMover::take_from_pipe() {
  const ByteSpan buffer = from_.read_watch().loop().scratch();
  const ssize_t count = ::read(pipe_.out.get(), buffer.data(), std::min(buffer.size(), pipe_.held));
  if (count < 0) return failed(Step::read_failed, cannot("read", errno));
  pipe_.held -= static_cast<std::size_t>(count);
  if (pipe_.held == 0) pipe_ = {};
  return write_or_hold(buffer.first(static_cast<std::size_t>(count)));
}

RelayMover::Step RelayMover::fall_back() {
  way_ = bulk_way_ = Way::copy;
  return step();
}

// EAGAIN from a splice does not say whose. poll looks at how things are, so that no edge is waited for that
// has been and gone; and when both sides look ready, one step by the buffer makes sure of progress.
RelayMover::Step RelayMover::find_out_what_blocks() {
  pollfd ends[] = {{from_fd_, POLLIN, 0}, {to_fd_, POLLOUT, 0}};
  ::poll(ends, std::size(ends), 0);
  if (ends[0].revents == 0) {
    from_.read_watch().drained();
    return Step::source_empty;
  }
  if (ends[1].revents == 0) {
    to_.write_watch().filled();
    return Step::target_full;
  }
  way_ = Way::copy;
  return copy();
}

bool RelayMover::open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  pipe_.out = Fd(ends[0]);
  pipe_.in = Fd(ends[1]);
  ::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(step_bytes));  // over the user's limit: 64 KiB will do
  return true;
}

void RelayMover::change_way_after(std::size_t bytes) {
  if (way_ == Way::copy && bytes >= bulk_bytes) way_ = bulk_way_;
  if (way_ != Way::copy && bytes < small_bytes) way_ = Way::copy;
}

std::size_t RelayMover::allowed(std::size_t bytes) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left_));
}

RelayMover::Step RelayMover::moved(std::size_t bytes) {
  moved_ = bytes;
  return Step::moved;
}

RelayMover::Step RelayMover::failed(Step side, Error error) {
  error_ = std::move(error);
  return side;
}

}  // namespace yam::net
