#include "yam/net/stdio.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

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

Task<> say(Stream* stream, std::string words) {
  const auto written = co_await stream->write(bytes_of(words));
  EXPECT_TRUE(written.has_value()) << written.error().what;
}

Task<> finish(Stream* stream) {
  const auto finished = co_await stream->finish();
  EXPECT_TRUE(finished.has_value());
}

bool blocks(const Fd& fd) {
  return (::fcntl(fd.get(), F_GETFL) & O_NONBLOCK) == 0;
}

struct Pair {
  Fd a;
  Fd b;
};
Pair pipe_pair() {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  return {Fd(ends[0]), Fd(ends[1])};
}
Pair socket_pair() {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  return {Fd(ends[0]), Fd(ends[1])};
}
// What the program sees as its terminal, and the side that a terminal emulator holds.
Pair terminal_pair() {
  Fd outside(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(::grantpt(outside.get()), 0);
  EXPECT_EQ(::unlockpt(outside.get()), 0);
  Fd inside(::open(::ptsname(outside.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_TRUE(inside);
  return {std::move(inside), std::move(outside)};
}
std::string read_some(const Fd& fd) {
  char text[100];
  const ssize_t count = ::read(fd.get(), text, sizeof text);
  return count < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(count));
}

class StdioTest : public testing::Test {
 protected:
  StdioTest() { ::signal(SIGPIPE, SIG_IGN); }
  ~StdioTest() override {
    for (const std::string& path : paths_)
      ::unlink(path.c_str());
    ::rmdir(folder_.c_str());
  }

  std::unique_ptr<Stream> open(const Fd& in, const Fd& out, bool take = false) {
    StdioOptions options;
    options.take = take;
    options.in = in.get();
    options.out = out.get();
    return open_stdio(*loop_, options).value();
  }
  std::string path(const std::string& name) {
    paths_.push_back(folder_ + "/" + name);
    return paths_.back();
  }
  std::string content_of(const std::string& file) {
    return loop_->run(read_all(open_file(*loop_, file, FileUse::read).value().get()));
  }
  void write_file(const std::string& file, FileUse use, std::string words) {
    const auto stream = open_file(*loop_, file, use).value();
    loop_->run(say(stream.get(), std::move(words)));
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  std::string folder_ = [] {
    char name[] = "/tmp/stdio_XXXXXX";
    return std::string(::mkdtemp(name));
  }();
  std::vector<std::string> paths_;
};

TEST_F(StdioTest, PipesStayBlockingForOthersAndSurviveTheStream) {
  Pair in = pipe_pair();
  Pair out = pipe_pair();
  auto stdio = open(in.a, out.b);
  EXPECT_TRUE(blocks(in.a));
  EXPECT_TRUE(blocks(out.b));
  ASSERT_EQ(::write(in.b.get(), "to us", 5), 5);
  in.b.close();
  EXPECT_EQ(loop_->run(read_all(stdio.get())), "to us");
  loop_->run(say(stdio.get(), "from us"));
  EXPECT_EQ(read_some(out.a), "from us");
  loop_->run(finish(stdio.get()));
  ASSERT_EQ(::write(out.b.get(), "others go on", 12), 12);
  EXPECT_EQ(read_some(out.a), "others go on");
}

TEST_F(StdioTest, TakenStdoutEndsForItsReaderWithFinish) {
  Pair in = pipe_pair();
  Pair out = pipe_pair();
  auto stdio = open(in.a, out.b, true);
  loop_->run(say(stdio.get(), "last"));
  loop_->run(finish(stdio.get()));
  EXPECT_EQ(read_some(out.a), "last");
  EXPECT_EQ(read_some(out.a), "");
  ASSERT_EQ(::write(out.b.get(), "into the void", 13), 13);
  ASSERT_EQ(::write(in.b.get(), "still read", 10), 10);
  in.b.close();
  EXPECT_EQ(loop_->run(read_all(stdio.get())), "still read");
}

TEST_F(StdioTest, ATerminalStaysBlockingForOthers) {
  const Pair terminal = terminal_pair();
  const Fd same(::dup(terminal.a.get()));
  auto stdio = open(terminal.a, same);
  EXPECT_TRUE(blocks(terminal.a));
  loop_->run(say(stdio.get(), "hello"));
  EXPECT_EQ(read_some(terminal.b), "hello");
  ASSERT_EQ(::write(terminal.b.get(), "typed\n\004", 7), 7);
  EXPECT_EQ(loop_->run(read_all(stdio.get())), "typed\n");
}

TEST_F(StdioTest, OneSocketForBothIsOneStreamAndBlocksAgainAfterwards) {
  Pair socket = socket_pair();
  const Fd same(::dup(socket.a.get()));
  auto stdio = open(socket.a, same);
  EXPECT_FALSE(blocks(socket.a));
  loop_->run(say(stdio.get(), "one"));
  loop_->run(finish(stdio.get()));
  EXPECT_EQ(read_some(socket.b), "one");
  EXPECT_EQ(read_some(socket.b), "");
  ASSERT_EQ(::write(socket.b.get(), "two", 3), 3);
  socket.b.close();
  EXPECT_EQ(loop_->run(read_all(stdio.get())), "two");
  stdio.reset();
  EXPECT_TRUE(blocks(socket.a));
}

TEST_F(StdioTest, TwoSocketsBlockAgainAsTheyAreFinishedAndClosed) {
  const Pair in = socket_pair();
  const Pair out = socket_pair();
  auto stdio = open(in.a, out.a);
  EXPECT_FALSE(blocks(in.a));
  EXPECT_FALSE(blocks(out.a));
  loop_->run(finish(stdio.get()));
  EXPECT_FALSE(blocks(in.a));
  EXPECT_TRUE(blocks(out.a));
  stdio.reset();
  EXPECT_TRUE(blocks(in.a));
}

TEST_F(StdioTest, AnAbortGivesTheSocketsBackToo) {
  const Pair in = socket_pair();
  const Pair out = socket_pair();
  auto stdio = open(in.a, out.a);
  stdio->abort();
  EXPECT_TRUE(blocks(in.a));
  EXPECT_TRUE(blocks(out.a));
}

TEST_F(StdioTest, FilesKeepTheirOffsetAndAppendMode) {
  const std::string input = path("in");
  const std::string output = path("out");
  write_file(input, FileUse::write, "skipped, read");
  write_file(output, FileUse::write, "before, ");
  const Fd in(::open(input.c_str(), O_RDONLY | O_CLOEXEC));
  ::lseek(in.get(), 9, SEEK_SET);
  const Fd out(::open(output.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  auto stdio = open(in, out);
  EXPECT_EQ(loop_->run(read_all(stdio.get())), "read");
  loop_->run(say(stdio.get(), "after"));
  EXPECT_TRUE(blocks(in));
  EXPECT_EQ(::lseek(in.get(), 0, SEEK_CUR), 13);  // one offset for both
  EXPECT_EQ(content_of(output), "before, after");
}

TEST_F(StdioTest, ClosedOnesAreAbsentHalves) {
  StdioOptions options;
  options.in = options.out = 1'000'000;
  auto stdio = open_stdio(*loop_, options).value();
  EXPECT_EQ(loop_->run(read_all(stdio.get())), "");
  const auto refused = [](Stream* stream) -> Task<std::string> {
    const auto written = co_await stream->write(bytes_of("x"));
    co_return written.error().what;
  };
  EXPECT_EQ(loop_->run(refused(stdio.get())), "cannot write: this side only reads");
}

// The writer of a named pipe may have come and gone before we open.
TEST_F(StdioTest, ANamedPipeWhoseWriterHasLeftStillEnds) {
  const std::string name = path("fifo");
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  const Fd early(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  Fd writer(::open(name.c_str(), O_WRONLY | O_CLOEXEC));
  const Fd in(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::write(writer.get(), "left behind", 11), 11);
  writer.close();
  const Pair out = pipe_pair();
  {
    auto stdio = open(in, out.b);
    EXPECT_EQ(loop_->run(read_all(stdio.get())), "left behind");
    EXPECT_FALSE(blocks(in));
  }
  EXPECT_TRUE(blocks(in));
}

TEST_F(StdioTest, FilesByNameAreReadWrittenAnewAndAppended) {
  const std::string file = path("file");
  write_file(file, FileUse::write, "a longer text");
  write_file(file, FileUse::write, "short");
  write_file(file, FileUse::append, " and more");
  EXPECT_EQ(content_of(file), "short and more");
  write_file("/dev/null", FileUse::write, "nothing stays");
  EXPECT_EQ(content_of("/dev/null"), "");
}

TEST_F(StdioTest, ANamedPipeWaitsForItsWriter) {
  const std::string name = path("fifo");
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  const auto early = open_file(*loop_, name, FileUse::write);
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error(), (Error{Code::local, "cannot open " + name + ": nobody reads this pipe",
                                  "start its reader first"}));
  const auto reader = open_file(*loop_, name, FileUse::read).value();
  const auto waits = [](Loop* loop, Stream* stream) -> Task<bool> {
    Bytes piece(10);
    const auto late = co_await stream->read(piece, loop->now() + 1ms);
    co_return !late && late.error().code == Code::timeout;
  };
  EXPECT_TRUE(loop_->run(waits(loop_.get(), reader.get())));
  write_file(name, FileUse::write, "came");
  EXPECT_EQ(loop_->run(read_all(reader.get())), "came");
}

TEST_F(StdioTest, RefusesWhatCannotBeOpened) {
  const struct {
    std::string path;
    FileUse use;
    std::string what;
  } cases[] = {
      {"/nowhere/file", FileUse::read, "cannot open /nowhere/file: no such file or directory"},
      {"/nowhere/file", FileUse::write, "cannot open /nowhere/file: no such file or directory"},
      {"/tmp", FileUse::read, "cannot open /tmp: is a directory"},
      {"/tmp", FileUse::append, "cannot open /tmp: is a directory"},
      {"", FileUse::read, "cannot open : no such file or directory"},
  };
  for (const auto& c : cases) {
    const auto opened = open_file(*loop_, c.path, c.use);
    ASSERT_FALSE(opened.has_value()) << c.path;
    EXPECT_EQ(opened.error(), (Error{Code::local, c.what, ""}));
  }
}

}  // namespace
}  // namespace yam::net
