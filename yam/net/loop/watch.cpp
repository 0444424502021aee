#include "yam/net/loop/watch.hpp"

#include <cerrno>
#include <sys/epoll.h>

namespace yam::net {

Result<void> Watch::attach(Watch& watch, int fd) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watch;
  if (::epoll_ctl(watch.loop_.epoll(), EPOLL_CTL_ADD, fd, &event) == 0) {
    watch.fd_ = fd;
    return {};
  }
  if (errno != EPERM) return fail_os("cannot watch a descriptor", errno);
  watch.fd_ = fd;
  watch.always_ready_ = watch.readable_ = watch.writable_ = true;
  return {};
}

void Watch::detach() {
  if (fd_ >= 0 && !always_ready_) ::epoll_ctl(loop_.epoll(), EPOLL_CTL_DEL, fd_, nullptr);
  fd_ = -1;
}

void Watch::handle_events(std::uint32_t events) {
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) hung_up_ = readable_ = true;
  if (events & (EPOLLHUP | EPOLLERR)) writable_ = true;
  if (events & EPOLLIN) readable_ = true;
  if (events & EPOLLOUT) writable_ = true;
  if (readable_) wake(reader_);
  if (writable_) wake(writer_);
}

void Watch::wake(Waiter*& waiter) {
  if (waiter == nullptr) return;
  loop_.timers().disarm(*waiter);
  loop_.ready().push(*waiter);
  waiter = nullptr;
}

}  // namespace yam::net
