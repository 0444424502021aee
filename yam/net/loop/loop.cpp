#include "yam/net/loop/loop.hpp"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "yam/net/loop/watch.hpp"

namespace yam::net {

namespace {

constexpr std::size_t events_per_turn = 256;

timespec until(Time now, Time deadline) {
  const Duration span = deadline > now ? deadline - now : Duration::zero();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span);
  return {.tv_sec = seconds.count(), .tv_nsec = (span - seconds) / std::chrono::nanoseconds(1)};
}

}  // namespace

Result<std::unique_ptr<Loop>> Loop::open() {
  assert(ReadyList::current == nullptr && "one loop a thread");
  Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail_os("cannot start an event loop", errno);
  Fd bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell) return fail_os("cannot start an event loop", errno);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = nullptr;
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, bell.get(), &event) != 0)
    return fail_os("cannot start an event loop", errno);
  return std::unique_ptr<Loop>(new Loop(std::move(epoll), std::move(bell)));
}

Loop::Loop(Fd epoll, Fd bell) : epoll_(std::move(epoll)), bell_(std::move(bell)) {
  ReadyList::current = &ready_;
}

Loop::~Loop() {
  ReadyList::current = nullptr;
}

// Asks epoll, which waits only if nothing is ready yet; then runs what is. Events mark and queue; no task
// runs while the events of a turn are looked through, so a task may destroy any Watch.
void Loop::turn() {
  std::array<epoll_event, events_per_turn> events;
  const bool must_wait = ready_.empty();
  const Time deadline = timers_.next();
  const timespec span = must_wait ? until(Clock::now(), deadline) : timespec{};
  const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   must_wait && deadline == never ? nullptr : &span, nullptr);
  now_ = Clock::now();
  bool rung = false;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) {
      rung = true;
    } else {
      static_cast<Watch*>(event.data.ptr)->handle_events(event.events);
    }
  }
  timers_.expire(now_, ready_);
  if (rung) read_letters();
  ready_.run_batch();
}

void Loop::deliver(std::unique_ptr<Letter> letter) {
  const std::lock_guard lock(mailbox_mutex_);
  mailbox_.push_back(std::move(letter));
  if (mailbox_.size() > 1) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(bell_.get(), &one, sizeof one);
}

void Loop::read_letters() {
  std::uint64_t rings = 0;
  [[maybe_unused]] const auto read = ::read(bell_.get(), &rings, sizeof rings);
  std::vector<std::unique_ptr<Letter>> letters;
  {
    const std::lock_guard lock(mailbox_mutex_);
    letters.swap(mailbox_);
  }
  for (const auto& letter : letters)
    letter->read();
}

ByteSpan Loop::scratch() {
  if (!scratch_) scratch_.reset(new std::byte[scratch_bytes]);
  return {scratch_.get(), scratch_bytes};
}

}  // namespace yam::net
