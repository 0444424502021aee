#pragma once
// Other programs as one end of a conversation: a child's stdin and stdout are a Stream, its stderr is ours. A
// child runs in a process group of its own, with our signal settings undone, and inherits no descriptor
// beside those three. No SIGCHLD handler and no waiting for strangers: each child is watched by its own
// descriptor (pidfd), so SIGCHLD must not be ignored.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "yam/net/fd_stream.hpp"
#include "yam/net/loop/scope.hpp"

namespace yam::net {

struct ChildOptions {
  std::vector<std::string> command;  // a program, looked up in PATH unless it has a slash, and its arguments
  std::vector<std::pair<std::string, std::string>> environment;  // beside ours, or in place of ours

  // What /bin/sh makes of `line`.
  static ChildOptions shell(std::string line);
};

struct ChildExit {
  int status = 0;  // what it passed to exit(), 0 to 255
  int signal = 0;  // the signal that killed it instead, or 0

  bool ended_well() const { return status == 0 && signal == 0; }
  // "exit status 3", "killed by signal 9 (Killed)".
  std::string words() const;
  bool operator==(const ChildExit&) const = default;
};

// One child process: the owner of its pid until it has been waited for. Destroying it before that kills the
// group (SIGKILL) and waits, but no longer than `last_wait`.
class Process {
 public:
  static constexpr std::chrono::milliseconds last_wait{1000};

  Process(pid_t pid, Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, 0)), pidfd_(std::move(other.pidfd_)) {}
  Process& operator=(Process&&) = delete;
  ~Process();

  int pidfd() const { return pidfd_.get(); }
  pid_t pid() const { return pid_; }
  bool is_waited_for() const { return pid_ == 0; }
  // To the whole group. The pid is ours until wait(), so this reaches no stranger.
  void send(int signal_number) const;
  // How it ended, once it has; nothing while it runs.
  std::optional<Result<ChildExit>> wait();

 private:
  pid_t pid_;  // 0 once waited for
  Fd pidfd_;
};

class Children;

class Child {
 public:
  // A child that still runs is left to `Children` to end: it loses its stdin and stdout, and gets SIGTERM.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Its stdin and stdout; finish() closes its stdin. It may be taken away, to live where other streams do.
  FdStream& stream() { return *stream_; }
  std::unique_ptr<FdStream> take_stream() { return std::move(stream_); }

  // co_await child.exited(): how it ended, as often as one asks; one waiter at a time.
  Task<Result<ChildExit>> exited();

  // For messages; signals go through Process.
  pid_t pid() const { return pid_; }

 private:
  friend class Children;
  Child(Children& children, Process process, std::unique_ptr<FdStream> stream);

  Children& children_;
  Process process_;
  pid_t pid_;
  Watch watch_;
  std::unique_ptr<FdStream> stream_;
  std::optional<Result<ChildExit>> exit_;
};

// Starts children, outlives them, and ends in the background those nobody owns any more: SIGTERM to the
// group, SIGKILL when the child is gone or `grace` has passed. Destroying it kills what is left at once.
// Zombies stay in neither case. Belongs to its loop's thread.
class Children {
 public:
  static constexpr Duration grace = std::chrono::seconds(2);

  explicit Children(Loop& loop, Duration term_grace = grace)
      : loop_(loop), grace_(term_grace), ending_(loop) {}

  // Code::local when there is no such program ("cannot run nosuch: not found"), or no descriptor or process
  // left; Code::usage for an empty command.
  Result<std::unique_ptr<Child>> start(ChildOptions options);

  // co_await children.gone(deadline): true once no abandoned child is left; false when the deadline came
  // first.
  Event::Wait gone(Time deadline = never) { return ending_.drained(deadline); }

 private:
  friend class Child;
  Task<> end(Process process);

  Loop& loop_;
  Duration grace_;
  Scope ending_;
};

// How long a program may take to end after its output has.
inline constexpr Duration exit_wait = std::chrono::seconds(2);

// Waits for the end of a program that has closed its output, and gives what is wrong with it: Code::local
// "WHO ended with exit status 3", Code::timeout when it still runs after `exit_wait`.
Task<Result<void>> exit_of(Loop& loop, Child& child, std::string who);

}  // namespace yam::net
