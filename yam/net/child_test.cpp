#include "yam/net/child.hpp"

#include <csignal>
#include <dirent.h>
#include <sys/wait.h>

#include <gtest/gtest.h>

#include "yam/net/loop/within.hpp"

namespace yam::net {
namespace {

using namespace std::chrono_literals;

Task<std::string> read_all(Stream* stream) {
  std::string all;
  Bytes piece(4000);
  for (;;) {
    const auto count = co_await stream->read(piece);
    if (!count || *count == 0) co_return all;
    all += text_of(ByteView(piece).first(*count));
  }
}

Task<> write_all(Stream* stream, ByteView bytes) {
  const auto written = co_await stream->write(bytes);
  EXPECT_EQ(written.value(), bytes.size());
  const auto finished = co_await stream->finish();
  EXPECT_TRUE(finished.has_value());
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr)
    ++count;
  ::closedir(folder);
  return count;
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

class ChildTest : public testing::Test {
 protected:
  ChildTest() { ::signal(SIGPIPE, SIG_IGN); }

  std::unique_ptr<Child> start(const std::string& line) {
    auto child = children_.start(ChildOptions::shell(line));
    EXPECT_TRUE(child.has_value()) << (child ? "" : child.error().what);
    return child ? std::move(*child) : nullptr;
  }
  ChildExit exit_of(const std::string& line) {
    const auto child = start(line);
    return loop_->run(child->exited()).value();
  }
  std::string output_of(Child& child) { return loop_->run(read_all(&child.stream())); }
  // Until no abandoned child is left.
  void wait_for_the_gone() {
    const auto wait = [](Children* children) -> Task<bool> { co_return co_await children->gone(); };
    EXPECT_TRUE(loop_->run(wait(&children_)));
    EXPECT_FALSE(has_children());
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  Children children_{*loop_};
};

TEST_F(ChildTest, CatGivesBackWhatItGotAndEndsWithItsStdin) {
  Bytes sent(3'000'001);
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<std::byte>(i * 7 % 251);
  const auto child = start("exec cat");
  Scope scope(*loop_);
  scope.spawn(write_all(&child->stream(), sent));
  EXPECT_EQ(output_of(*child), text_of(sent));
  EXPECT_EQ(loop_->run(child->exited()).value(), (ChildExit{0, 0}));
  EXPECT_EQ(loop_->run(child->exited()).value(), (ChildExit{0, 0}));  // it may be asked again
}

TEST_F(ChildTest, SaysHowItEnded) {
  const struct {
    const char* line;
    const char* words;
    bool well;
  } cases[] = {
      {"exit 0", "exit status 0", true},
      {"exit 3", "exit status 3", false},
      {"kill -KILL $$", "killed by signal 9 (Killed)", false},
      {"kill -TERM $$", "killed by signal 15 (Terminated)", false},
      {"/nowhere/at-all 2>/dev/null", "exit status 127", false},
  };
  for (const auto& c : cases) {
    const ChildExit exit = exit_of(c.line);
    EXPECT_EQ(exit.words(), c.words) << c.line;
    EXPECT_EQ(exit.ended_well(), c.well) << c.line;
  }
}

TEST_F(ChildTest, RefusesWhatCannotRun) {
  const struct {
    std::vector<std::string> command;
    Error error;
  } cases[] = {
      {{"no-such-program"}, {Code::local, "cannot run no-such-program: not found", ""}},
      {{"/nowhere/at-all", "x"}, {Code::local, "cannot run /nowhere/at-all: not found", ""}},
      {{"/etc"}, {Code::local, "cannot run /etc: permission denied", ""}},
      {{}, {Code::usage, "cannot run a command without a name", ""}},
      {{""}, {Code::usage, "cannot run a command without a name", ""}},
  };
  const std::size_t before = open_descriptors();
  for (const auto& c : cases) {
    ChildOptions options;
    options.command = c.command;
    const auto child = children_.start(options);
    ASSERT_FALSE(child.has_value());
    EXPECT_EQ(child.error(), c.error);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ChildTest, GivesTheProgramItsArgumentsAndEnvironment) {
  ::setenv("YAM_TEST_OLD", "before", 1);
  ChildOptions options;
  options.command = {"sh", "-c", "echo \"$0|$1|$YAM_TEST_OLD|$YAM_TEST_NEW|$HOME\"", "zero", "one two"};
  options.environment = {{"YAM_TEST_OLD", "after"}, {"YAM_TEST_NEW", "=驿站"}, {"HOME", "/h"}};
  const auto child = children_.start(options);
  EXPECT_EQ(output_of(**child), "zero|one two|after|=驿站|/h\n");
  EXPECT_EQ(loop_->run((*child)->exited()).value().status, 0);
}

// Descriptors beside the three, a changed signal mask and ignored signals stay with us.
TEST_F(ChildTest, InheritsNothingButItsThreeDescriptors) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const auto other = start("exec cat");
  const Fd careless(::dup(STDERR_FILENO));
  ChildOptions options;
  options.command = {"sh", "-c",
                     "ls /proc/$$/fd; grep -oE '^Sig(Blk|Ign).*0000000$' /proc/$$/status | cut -c 1-6"};
  const auto child = children_.start(options);
  EXPECT_EQ(output_of(**child), "0\n1\n2\nSigBlk\nSigIgn\n");
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  EXPECT_EQ(loop_->run((*child)->exited()).value().status, 0);
}

TEST_F(ChildTest, RunsInAGroupOfItsOwnWithBlockingDescriptors) {
  ChildOptions options;
  options.command = {"sh", "-c",
                     "read -r _ _ _ _ group _ </proc/$$/stat; [ $group = $$ ] && echo own group; "
                     "grep -h flags /proc/$$/fdinfo/0 /proc/$$/fdinfo/1"};
  const auto child = children_.start(options);
  const std::string said = output_of(**child);
  EXPECT_EQ(said.substr(0, 10), "own group\n");
  EXPECT_EQ(said.find("4000"), std::string::npos) << said;  // O_NONBLOCK, in octal
  EXPECT_EQ(loop_->run((*child)->exited()).value().status, 0);
}

TEST_F(ChildTest, ClosingItsStdoutEarlyIsAnEndAndNotAnExit) {
  const auto child = start("exec >/dev/null; cat >/dev/null; exit 4");
  EXPECT_EQ(output_of(*child), "");
  Scope scope(*loop_);
  scope.spawn(write_all(&child->stream(), bytes_of("for nobody")));
  EXPECT_EQ(loop_->run(child->exited()).value().status, 4);
}

TEST_F(ChildTest, WritingToOneThatClosedItsStdinIsAnError) {
  const auto child = start("exec <&-; echo closed; exec sleep 1000");
  const auto converse = [](Child* c) -> Task<> {
    Bytes piece(100);
    co_await c->stream().read(piece);
    const auto written = co_await c->stream().write(bytes_of("x"));
    EXPECT_EQ(written.error(), (Error{Code::network, "cannot write: broken pipe", ""}));
  };
  loop_->run(converse(child.get()));
}

TEST_F(ChildTest, WaitingForTheExitEndsAtADeadlineAndCanBeTakenUpAgain) {
  const auto child = start("exec cat");
  const auto wait = [](Loop* loop, Child* c) -> Task<Code> {
    const auto late = co_await within(*loop, loop->now() + 1ms, c->exited(), "cat does not end");
    co_return late.error().code;
  };
  EXPECT_EQ(loop_->run(wait(loop_.get(), child.get())), Code::timeout);
  Scope scope(*loop_);
  scope.spawn(write_all(&child->stream(), {}));
  EXPECT_EQ(loop_->run(child->exited()).value().status, 0);
}

TEST_F(ChildTest, AnAbandonedChildGetsSigtermAndLeavesNoZombie) {
  start("sleep 1000; true").reset();
  start("exec true").reset();
  wait_for_the_gone();
}

// The word comes before the child is left, so that the trap stands. Its own child goes with the group.
TEST_F(ChildTest, OneThatIgnoresSigtermIsKilledAfterTheGrace) {
  Children impatient(*loop_, 1ms);
  const auto abandon = [](Children* children, Loop* loop) -> Task<> {
    const ChildOptions options = ChildOptions::shell("trap '' TERM; echo deaf; while :; do sleep 1000; done");
    auto child = children->start(options).value();
    Bytes piece(100);
    co_await child->stream().read(piece);
    const Time left = loop->now();
    child.reset();
    co_await children->gone();
    EXPECT_GE(Clock::now() - left, 1ms);
  };
  loop_->run(abandon(&impatient, loop_.get()));
  wait_for_the_gone();
}

TEST_F(ChildTest, WhatChildrenLeavesBehindIsKilledAtOnce) {
  {
    Children children(*loop_);
    auto child = children.start(ChildOptions::shell("trap '' TERM; echo deaf; while :; do sleep 1000; done"));
    Bytes piece(100);
    const auto hear = [](Stream* stream, ByteSpan into) -> Task<> { co_await stream->read(into); };
    loop_->run(hear(&(*child)->stream(), piece));
    child->reset();
    EXPECT_TRUE(has_children());
  }
  EXPECT_FALSE(has_children());
}

TEST_F(ChildTest, AHundredAtOnceLeaveNothingBehind) {
  const std::size_t before = open_descriptors();
  {
    std::vector<std::unique_ptr<Child>> all;
    for (int i = 0; i < 100; ++i)
      all.push_back(start("read -r line; echo $line; [ $line -lt 50 ]"));
    const auto converse = [](Child* child, int i) -> Task<> {
      const std::string line = std::to_string(i) + "\n";
      co_await child->stream().write(bytes_of(line));
      const std::string said = co_await read_all(&child->stream());
      EXPECT_EQ(said, line);
      if (i % 2 == 0) co_return;  // the odd ones are left to Children, ended or not
      const auto exit = co_await child->exited();
      EXPECT_EQ(exit.value().status, i < 50 ? 0 : 1);
    };
    Scope scope(*loop_);
    for (int i = 0; i < 100; ++i)
      scope.spawn(converse(all[static_cast<std::size_t>(i)].get(), i));
    const auto wait = [](Scope* tasks) -> Task<bool> { co_return co_await tasks->drained(); };
    loop_->run(wait(&scope));
  }
  wait_for_the_gone();
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace yam::net
