#pragma once
// What the relay's tests share: pairs of streams of every kind, whole messages fed in and collected, and a
// file to read and write.

#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>  // allowed: a fixture of tests

#include "yam/net/child.hpp"
#include "yam/net/relay.hpp"
#include "yam/net/socket/dial.hpp"
#include "yam/net/socket/listener.hpp"
#include "yam/net/stdio.hpp"

namespace yam::net {

// Two ends: what is written to `near` comes out of `far`.
struct Pair {
  std::unique_ptr<Stream> near;
  std::unique_ptr<Stream> far;
};

inline Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 2'463'534'242;
  for (std::byte& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::byte>(state >> 24);
  }
  return bytes;
}

inline Task<> feed(Stream* stream, ByteView bytes) {
  const auto written = co_await stream->write(bytes);
  EXPECT_EQ(written.value_or(0), bytes.size());
  const auto finished = co_await stream->finish();
  EXPECT_TRUE(finished.has_value());
}

inline Task<> collect(Stream* stream, Bytes* into) {
  Bytes piece(100'000);
  for (;;) {
    const auto count = co_await stream->read(piece);
    if (!count || *count == 0) co_return;
    into->insert(into->end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
}

// A stream whose bytes the kernel cannot move by itself, as TLS is.
class Opaque final : public Stream {
 public:
  explicit Opaque(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
  Attempt try_read(ByteSpan into) override { return stream_->try_read(into); }
  Attempt try_write(std::span<const ByteView> parts) override { return stream_->try_write(parts); }
  Attempt try_finish() override { return stream_->try_finish(); }
  Watch& read_watch() override { return stream_->read_watch(); }
  Watch& write_watch() override { return stream_->write_watch(); }
  void abort() override { stream_->abort(); }

 private:
  std::unique_ptr<Stream> stream_;
};

class RelayTest : public testing::Test {
 public:
  RelayTest() { ::signal(SIGPIPE, SIG_IGN); }
  ~RelayTest() override { ::unlink(file_.c_str()); }

  Pair sockets() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    return {FdStream::over_socket(*loop_, Fd(ends[0])).value(),
            FdStream::over_socket(*loop_, Fd(ends[1])).value()};
  }
  Pair opaque() {
    Pair pair = sockets();
    return {std::make_unique<Opaque>(std::move(pair.near)), std::make_unique<Opaque>(std::move(pair.far))};
  }
  Pair pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    return {FdStream::over_pair(*loop_, Fd(), Fd(ends[1])).value(),
            FdStream::over_pair(*loop_, Fd(ends[0]), Fd()).value()};
  }
  Pair tcp() {
    const auto connect = [](Loop* loop) -> Task<Pair> {
      const SocketAddress any = SocketAddress::of(IpPort::parse("127.0.0.1:0").value());
      const ListenOptions listening;
      const auto listener = Listener::open(*loop, any, listening).value();
      const DialOptions dialing;
      auto dialed = co_await dial_tcp(*loop, "127.0.0.1", listener->address().ip()->port, dialing);
      auto accepted = co_await listener->accept();
      co_return Pair{std::move(dialed->stream), std::move(accepted->stream)};
    };
    return loop_->run(connect(loop_.get()));
  }
  Pair child() {
    children_.push_back(all_children_.start(ChildOptions::shell("exec cat")).value());
    std::unique_ptr<Stream> stream = children_.back()->take_stream();
    return {std::move(stream), nullptr};
  }
  std::unique_ptr<Stream> file(FileUse use) { return open_file(*loop_, file_, use).value(); }
  void fill_file(ByteView bytes) { loop_->run(feed(file(FileUse::write).get(), bytes)); }
  Bytes file_content() {
    Bytes all;
    loop_->run(collect(file(FileUse::read).get(), &all));
    return all;
  }

  Relayed run(Stream& from, Stream& to, RelayOptions options = {}) {
    return loop_->run(relay(*loop_, from, to, options));
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  Children all_children_{*loop_};
  std::vector<std::unique_ptr<Child>> children_;
  std::string file_ = [] {
    char name[] = "/tmp/relay_XXXXXX";
    ::close(::mkstemp(name));
    return std::string(name);
  }();
};

}  // namespace yam::net
