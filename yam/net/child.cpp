#include "yam/net/child.hpp"

#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "yam/net/loop/within.hpp"

namespace yam::net {

namespace {

struct Pipe {
  Fd out;
  Fd in;
};

// Both ends beyond stdin, stdout and stderr, so that handing one of them to a child overwrites no other.
Result<Pipe> open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_os("cannot open a pipe", errno);
  Pipe pipe{Fd(ends[0]), Fd(ends[1])};
  for (Fd* end : {&pipe.out, &pipe.in}) {
    if (end->get() > STDERR_FILENO) continue;
    Fd higher(::fcntl(end->get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!higher) return fail_os("cannot open a pipe", errno);
    *end = std::move(higher);
  }
  return pipe;
}

// Only our end: the child's end is a description of its own, and programs expect it to block.
void make_non_blocking(const Fd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = std::string_view(*entry).substr(0, std::string_view(*entry).find('='));
    bool replaced = false;
    for (const auto& variable : added)
      replaced = replaced || variable.first == name;
    if (!replaced) all.emplace_back(*entry);
  }
  for (const auto& [name, value] : added)
    all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings)
    pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// <sys/pidfd.h> of glibc 2.36 (Debian 12) declares its function without extern "C".
Fd open_pidfd(pid_t pid) {
  return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

// 0 and the pid, or an errno value. (posix_spawn leaves the signals 32 and 33, glibc's own, ignored.)
int spawn(ChildOptions& options, int child_in, int child_out, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, child_in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, child_out, STDOUT_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // what we inherited ourselves
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> environment = environment_with(options.environment);
  const int fault = ::posix_spawnp(&pid, options.command.front().c_str(), &actions, &attributes,
                                   pointers_to(options.command).data(), pointers_to(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return fault;
}

}  // namespace

Result<std::unique_ptr<Child>> Children::start(ChildOptions options) {
  if (options.command.empty() || options.command.front().empty())
    return fail(Code::usage, "cannot run a command without a name");
  const std::string what = "cannot run " + options.command.front();
  auto to_child = open_pipe();
  if (!to_child) return fail(to_child.error());
  auto from_child = open_pipe();
  if (!from_child) return fail(from_child.error());
  make_non_blocking(to_child->in);
  make_non_blocking(from_child->out);
  auto stream = FdStream::over_pair(loop_, std::move(from_child->out), std::move(to_child->in));
  if (!stream) return fail(stream.error());

  pid_t pid = 0;
  const int fault = spawn(options, to_child->out.get(), from_child->in.get(), pid);
  if (fault == ENOENT) return fail(Code::local, what + ": not found");
  if (fault != 0) return fail_os(what, fault);
  Process process(pid, open_pidfd(pid));
  if (process.pidfd() < 0) return fail_os(what, errno);
  std::unique_ptr<Child> child(new Child(*this, std::move(process), std::move(*stream)));
  if (auto attached = Watch::attach(child->watch_, child->process_.pidfd()); !attached)
    return fail(attached.error());
  return child;
}

// A child that has been told to end and takes its time costs nobody a wait.
Task<> Children::end(Process process) {
  process.send(SIGTERM);
  process.send(SIGCONT);  // a stopped one would not hear it
  Watch watch(loop_);
  if (!Watch::attach(watch, process.pidfd())) co_return;
  co_await watch.readable(after(loop_.now(), grace_));
  process.send(SIGKILL);
  co_await watch.readable();
  process.wait();
}

Child::Child(Children& children, Process process, std::unique_ptr<FdStream> stream)
    : children_(children),
      process_(std::move(process)),
      pid_(process_.pid()),
      watch_(children.loop_),
      stream_(std::move(stream)) {}

Child::~Child() {
  if (process_.is_waited_for()) return;
  stream_.reset();
  watch_.detach();
  children_.ending_.spawn(children_.end(std::move(process_)));
}

Task<Result<ChildExit>> Child::exited() {
  while (!exit_) {
    co_await watch_.readable();
    exit_ = process_.wait();
    if (!exit_) watch_.drained();
  }
  co_return *exit_;
}

Process::~Process() {
  if (is_waited_for()) return;
  send(SIGKILL);
  pollfd ended{pidfd_.get(), POLLIN, 0};
  if (pidfd_) ::poll(&ended, 1, static_cast<int>(last_wait.count()));
  wait();
}

void Process::send(int signal_number) const {
  ::kill(-pid_, signal_number);
}

Task<Result<void>> exit_of(Loop& loop, Child& child, std::string who) {
  const std::string late = who + " closed its output but still runs";
  auto exited = co_await within(loop, after(loop.now(), exit_wait), child.exited(), late);
  if (!exited) co_return fail(exited.error());
  if (!exited->ended_well()) co_return fail(Code::local, who + " ended with " + exited->words());
  co_return Result<void>();
}

std::optional<Result<ChildExit>> Process::wait() {
  siginfo_t info{};
  const int waited = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG);
  if (waited == 0 && info.si_pid == 0) return std::nullopt;
  pid_ = 0;
  if (waited != 0) return fail_os("cannot learn how a child process ended", errno);
  if (info.si_code == CLD_EXITED) return ChildExit{.status = info.si_status, .signal = 0};
  return ChildExit{.status = 0, .signal = info.si_status};
}

ChildOptions ChildOptions::shell(std::string line) {
  return {.command = {"/bin/sh", "-c", std::move(line)}, .environment = {}};
}

std::string ChildExit::words() const {
  if (signal == 0) return "exit status " + std::to_string(status);
  const char* name = ::sigdescr_np(signal);
  std::string text = "killed by signal " + std::to_string(signal);
  return name != nullptr ? text + " (" + name + ")" : text;
}

}  // namespace yam::net
