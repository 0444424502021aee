#include "yam/service/line_writer.hpp"

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace yam::service {

struct LineWriter::Shared {
  Shared(int fd_value, LeftOut left_out_value) : fd(fd_value), left_out_line(left_out_value) {}

  const int fd;
  const LeftOut left_out_line;
  std::mutex mutex;
  std::condition_variable news, end;
  std::string waiting;
  std::uint64_t left_out = 0;  // since `waiting` was full
  int error = 0;
  bool is_closed = false;
  bool has_ended = false;
};

namespace {

// Gives the errno, or 0.
int write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote >= 0) {
      text.remove_prefix(static_cast<std::size_t>(wrote));
    } else if (errno == EAGAIN) {  // another process made it non-blocking
      pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

Result<std::unique_ptr<LineWriter>> LineWriter::open(int fd, LeftOut left_out) {
  std::unique_ptr<LineWriter> writer(new LineWriter(std::make_shared<Shared>(fd, left_out)));
  try {
    writer->thread_ = std::thread([shared = writer->shared_] { write_lines(shared); });
  } catch (const std::system_error& fault) {
    return fail_os("cannot start a thread", fault.code().value());
  }
  return writer;
}

LineWriter::LineWriter(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

LineWriter::~LineWriter() {
  finish();
}

void LineWriter::put(std::string_view lines) {
  Shared& shared = *shared_;
  bool is_news = false;
  {
    const std::lock_guard lock(shared.mutex);
    const std::size_t before = shared.waiting.size();
    // Once one is missing the others wait for the line that says so.
    if (shared.left_out > 0 || lines.size() > bytes_max - shared.waiting.size()) {
      ++shared.left_out;
    } else {
      shared.waiting += lines;
    }
    is_news = before == 0 || (before < gather_bytes && shared.waiting.size() >= gather_bytes);
  }
  if (is_news) shared.news.notify_one();
}

bool LineWriter::finish() {
  std::unique_lock lock(shared_->mutex);
  shared_->is_closed = true;
  shared_->news.notify_one();
  if (!thread_.joinable()) return shared_->has_ended;
  const bool ended = shared_->end.wait_for(lock, end_limit, [this] { return shared_->has_ended; });
  lock.unlock();
  if (ended) {
    thread_.join();
  } else {
    thread_.detach();
  }
  return ended;
}

int LineWriter::error() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->error;
}

void LineWriter::write_lines(const std::shared_ptr<Shared>& shared) {
  std::string lines;
  std::unique_lock lock(shared->mutex);
  for (;;) {
    const auto has_news = [&] {
      return shared->is_closed || !shared->waiting.empty() || shared->left_out > 0;
    };
    shared->news.wait(lock, has_news);
    lines.clear();
    lines.swap(shared->waiting);
    if (shared->left_out > 0) lines += shared->left_out_line(std::exchange(shared->left_out, 0));
    if (lines.empty()) break;
    lock.unlock();
    const int error = write_whole(shared->fd, lines);
    lock.lock();
    if (shared->error == 0) shared->error = error;
    shared->news.wait_for(lock, gather_pause,
                          [&] { return shared->is_closed || shared->waiting.size() >= gather_bytes; });
  }
  shared->has_ended = true;
  shared->end.notify_all();
}

}  // namespace yam::service
