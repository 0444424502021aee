#pragma once
// Signals as something to await. Blocks them for the whole process, so it is opened before threads are
// started; a child process must get its mask back (net/child.hpp does).

#include <csignal>
#include <initializer_list>
#include <memory>

#include "yam/net/loop/watch.hpp"

namespace yam::net {

class Signals {
 public:
  static Result<std::unique_ptr<Signals>> open(Loop& loop, std::initializer_list<int> numbers);

  // The next signal's number.
  Task<int> next();

  // From now on they end the process, as signals do: a second ^C does not wait for what the first one does.
  void let_go();

 private:
  Signals(Loop& loop, const sigset_t& set, Fd fd);

  sigset_t set_;
  Fd fd_;
  Watch watch_;
};

// Runs `body` to its end, or until a signal comes, which cancels it: Code::interrupted.
Task<Result<void>> until_signal(Loop& loop, Signals& signals, Task<Result<void>> body);

}  // namespace yam::net
