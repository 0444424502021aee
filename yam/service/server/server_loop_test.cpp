#include "yam/service/server/server_loop.hpp"

#include <sys/syscall.h>

#include "yam/service/server/server_fixture_test.hpp"

namespace {

// A disk that takes its time, for all of this program: while it is stuck, fsync waits.
struct Disk {
  std::mutex mutex;
  std::condition_variable news;
  bool is_stuck = false;
  bool is_asked = false;

  void set_stuck(bool stuck) {
    const std::lock_guard lock(mutex);
    is_stuck = stuck;
    is_asked = false;
    news.notify_all();
  }
  bool has_been_asked() {
    const std::lock_guard lock(mutex);
    return is_asked;
  }
  void wait() {
    std::unique_lock lock(mutex);
    is_asked = true;
    news.wait(lock, [this] { return !is_stuck; });
  }
} disk;

}  // namespace

// Stands in for the C library's.
extern "C" int fsync(int fd) {
  disk.wait();
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace yam::service {
namespace {

using net::Task;

struct Outcome {
  bool is_over = false;
  std::size_t cut_off = 0;
};

Task<> leave_now(net::Loop& loop, ServerLoop& hosts, Outcome& outcome) {
  auto leaving = hosts.leave(loop.now());
  outcome.cut_off = co_await std::move(leaving);
  outcome.is_over = true;
}

// Free a moment ago.
IpPort free_place(net::Loop& loop) {
  const auto any = net::SocketAddress::of({IpAddress::loopback(Family::v4), 0});
  return *net::Listener::open(loop, any, net::ListenOptions()).value()->address().ip();
}

// The server leaves while the upload waits for the disk, which goes on only after the deadline.
Task<Outcome> leave_while_stuck(net::Loop& loop, ServerLoop& hosts) {
  constexpr int turns_past_the_deadline = 100;
  Outcome outcome;
  net::Scope tasks(loop);
  while (!disk.has_been_asked())
    co_await loop.yield();
  tasks.spawn(leave_now(loop, hosts, outcome));
  for (int i = 0; i < turns_past_the_deadline; ++i)
    co_await loop.yield();
  disk.set_stuck(false);
  co_await tasks.drained();
  co_return outcome;
}

TEST(ServerLoop, AFileThatHasComeWholeGetsItsNameBeforeItLeaves) {
  const store::TemporaryFolder folder;
  Diary diary;
  const ServeLimits limits;
  ServerShared shared(limits, TftpRules());
  const auto loop = std::move(net::Loop::open().value());
  ServerLoop hosts(*loop, shared, diary, limits);
  const Service inbox =
      parse_service("inbox://127.0.0.1:0?name=a.txt&root=" + folder.path(), ServiceDefaults()).value();
  const IpPort place = free_place(*loop);
  ASSERT_TRUE(hosts.open(inbox, place, false));
  Client client(place, SOCK_STREAM);
  client.say("content");
  client.finish();
  disk.set_stuck(true);
  const Outcome outcome = loop->run(leave_while_stuck(*loop, hosts));
  EXPECT_TRUE(outcome.is_over);
  EXPECT_EQ(outcome.cut_off, 0U);
  EXPECT_EQ(client.hear_all(), "接收完成");
  EXPECT_EQ(diary.await(ServerEvent::Kind::received).name, "a.txt");
  EXPECT_EQ(folder.names(), std::set<std::string>{"a.txt"});
}

}  // namespace
}  // namespace yam::service
