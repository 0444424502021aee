#include "yam/net/send_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yam::net {

namespace {

constexpr std::size_t send_step_bytes = 1024 * 1024;      // what one call asks the kernel for
constexpr std::size_t send_bytes_per_turn = 1024 * 1024;  // then the loop's other tasks have theirs

std::unexpected<Error> file_is_short() {
  return fail(Code::local, "the file became shorter while it was sent");
}

// One piece of a file on its way.
class FileSender {
 public:
  FileSender(Loop& loop, Stream& to, ByteView head, int file, std::uint64_t offset, std::uint64_t bytes)
      : loop_(loop),
        to_(to),
        head_(head),
        socket_(to.write_fd()),
        file_(file),
        offset_(offset),
        left_(bytes) {}

  bool is_through() const { return head_.empty() && left_ == 0; }

  // As an attempt of the stream: how many bytes went, or nothing when they would block.
  Attempt step() {
    if (!socket_) return copy();
    if (!head_.empty()) return send_head();
    if (!to_.write_watch().is_writable()) return std::nullopt;
    for (;;) {
      auto at = static_cast<off_t>(offset_);
      const ssize_t count = ::sendfile(
          *socket_, file_, &at, static_cast<std::size_t>(std::min<std::uint64_t>(left_, send_step_bytes)));
      if (count > 0) return took(static_cast<std::size_t>(count));
      if (count == 0) return file_is_short();
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {
        to_.write_watch().filled();
        return std::nullopt;
      }
      if (errno != EINVAL && errno != ENOSYS && errno != EIO) return fail_os("cannot write", errno);
      socket_.reset();  // a file system without sendfile, or a disk whose fault the plain read names
      return copy();
    }
  }

 private:
  // The kernel keeps the head back until what follows fills a packet with it.
  Attempt send_head() {
    if (!to_.write_watch().is_writable()) return std::nullopt;
    for (;;) {
      const ssize_t count =
          ::send(*socket_, head_.data(), head_.size(), MSG_NOSIGNAL | (left_ > 0 ? MSG_MORE : 0));
      if (count >= 0) {
        if (static_cast<std::size_t>(count) < head_.size()) to_.write_watch().filled();
        return took(static_cast<std::size_t>(count));
      }
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {
        to_.write_watch().filled();
        return std::nullopt;
      }
      return fail_os("cannot write", errno);
    }
  }

  // What the stream does not take is read again: it is in the page cache.
  Attempt copy() {
    ByteSpan space = loop_.scratch();
    space = space.first(static_cast<std::size_t>(std::min<std::uint64_t>(space.size(), left_)));
    if (!space.empty()) {
      const ssize_t count = ::pread(file_, space.data(), space.size(), static_cast<off_t>(offset_));
      if (count < 0) return fail_os("cannot read the file", errno);
      if (count == 0) return file_is_short();
      space = space.first(static_cast<std::size_t>(count));
    }
    const Attempt taken = to_.try_write(std::array{head_, ByteView(space)});
    return taken && *taken ? took(**taken) : taken;
  }

  std::size_t took(std::size_t count) {
    const std::size_t of_head = std::min(count, head_.size());
    head_ = head_.subspan(of_head);
    offset_ += count - of_head;
    left_ -= count - of_head;
    return count;
  }

  Loop& loop_;
  Stream& to_;
  ByteView head_;
  std::optional<int> socket_;
  int file_;
  std::uint64_t offset_;
  std::uint64_t left_;
};

}  // namespace

Task<Result<>> send_file(Loop& loop, Stream& to, ByteView head, int file, std::uint64_t offset,
                         std::uint64_t bytes, SendPace pace, std::uint64_t& sent) {
  FileSender sender(loop, to, head, file, offset, bytes);
  const Time began = loop.now();
  std::uint64_t moved = 0;
  std::size_t moved_this_turn = 0;
  while (!sender.is_through()) {
    const Attempt took = sender.step();
    if (took && !*took) co_return fail(took->error());
    if (took) {
      moved += **took;
      sent += **took;
      moved_this_turn += **took;
      if (moved_this_turn < send_bytes_per_turn && loop.spend()) continue;
      moved_this_turn = 0;
      co_await loop.yield();
      continue;
    }
    moved_this_turn = 0;
    Time deadline = after(loop.now(), pace.idle);
    if (pace.bytes_per_second_min > 0) {
      const auto due = std::chrono::seconds(moved / pace.bytes_per_second_min);
      deadline = std::min(deadline, after(began, pace.idle + due));
    }
    const bool writable = co_await to.write_watch().writable(deadline);
    if (!writable) co_return fail(Code::timeout, "the peer took too little in time");
  }
  // What a stream over the socket still holds.
  auto flushed = co_await to.write(ByteView(), after(loop.now(), pace.idle));
  if (!flushed) co_return fail(flushed.error());
  co_return Result<>();
}

}  // namespace yam::net
