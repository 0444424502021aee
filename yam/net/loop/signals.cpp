#include "yam/net/loop/signals.hpp"

#include <cerrno>
#include <sys/signalfd.h>
#include <unistd.h>

#include "yam/net/either.hpp"

namespace yam::net {

namespace {

Task<Result<void>> signal_as_fault(Signals* signals) {
  const int number = co_await signals->next();
  co_return fail(Code::interrupted, number == SIGTERM ? "terminated" : "interrupted");
}

}  // namespace

Result<std::unique_ptr<Signals>> Signals::open(Loop& loop, std::initializer_list<int> numbers) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : numbers)
    ::sigaddset(&set, number);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  Fd fd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd) return fail_os("cannot wait for signals", errno);
  std::unique_ptr<Signals> signals(new Signals(loop, set, std::move(fd)));
  if (auto attached = Watch::attach(signals->watch_, signals->fd_.get()); !attached)
    return fail(attached.error());
  return signals;
}

void Signals::let_go() {
  ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

Signals::Signals(Loop& loop, const sigset_t& set, Fd fd) : set_(set), fd_(std::move(fd)), watch_(loop) {}

Task<int> Signals::next() {
  for (;;) {
    co_await watch_.readable();
    signalfd_siginfo info;
    if (::read(fd_.get(), &info, sizeof info) == sizeof info) co_return static_cast<int>(info.ssi_signo);
    watch_.drained();
  }
}

Task<Result<void>> until_signal(Loop& loop, Signals& signals, Task<Result<void>> body) {
  return either(loop, std::move(body), signal_as_fault(&signals));
}

}  // namespace yam::net
