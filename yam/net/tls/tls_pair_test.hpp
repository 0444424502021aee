#pragma once
// For tests: two ends of TLS over a socket pair in one loop, so that a test says what each end wants and what
// came of it.

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>  // allowed: seen by tests only, and not installed

#include "yam/net/fd_stream.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/tls/tls_stream.hpp"

namespace yam::net {

using namespace std::chrono_literals;

// A file for as long as the test needs it.
class TestFile {
 public:
  explicit TestFile(std::string_view content) {
    const int fd = ::mkstemp(path_);
    EXPECT_EQ(::write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    ::close(fd);
  }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;
  ~TestFile() { ::unlink(path_); }
  std::string path() const { return path_; }

 private:
  char path_[28] = "/tmp/yam_tls_test_XXXXXX";
};

using TlsOutcome = Result<std::unique_ptr<TlsStream>>;

class TlsPairTest : public testing::Test {
 protected:
  TlsPairTest() { ::signal(SIGPIPE, SIG_IGN); }

  // Fresh carriers: `near` for the client, `far` for the server.
  void connect_carriers() {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    near_ = FdStream::over_socket(*loop_, Fd(ends[0])).value();
    far_ = FdStream::over_socket(*loop_, Fd(ends[1])).value();
    near_fd_ = ends[0];
    far_fd_ = ends[1];
  }

  // Both handshakes to their ends; what they came to lies in client_ and server_.
  void shake_hands() {
    if (!near_) connect_carriers();
    if (server_options_.identity == Identity()) server_options_.identity = identity_;
    auto context = TlsContext::open(Side::listening, server_options_);
    ASSERT_TRUE(context) << context.error().what;
    Scope scope(*loop_);
    scope.spawn(into(&client_, TlsStream::connect(*loop_, std::move(near_), client_options_, host_, never)));
    scope.spawn(into(&server_, TlsStream::accept(*loop_, std::move(far_), *context, never)));
    loop_->run(drained(&scope));
  }

  // A pair that trusts each other, for tests of what comes after.
  void shake_hands_well() {
    client_options_.pins = {pin_of(identity_.certificate_pem).value()};
    shake_hands();
    ASSERT_TRUE(client_) << client_.error().what;
    ASSERT_TRUE(server_) << server_.error().what;
  }

  TlsStream& client() { return **client_; }
  TlsStream& server() { return **server_; }

  static Task<> into(TlsOutcome* outcome, Task<TlsOutcome> handshake) {
    *outcome = co_await std::move(handshake);
    if (!*outcome) co_return;
  }
  static Task<> drained(Scope* scope) { co_await scope->drained(); }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  const Identity identity_ = Identity::generate({"localhost", "127.0.0.1", "::1"}, 1h).value();
  TlsOptions client_options_;
  TlsOptions server_options_;
  std::string host_ = "localhost";
  std::unique_ptr<Stream> near_, far_;
  int near_fd_ = -1, far_fd_ = -1;  // borrowed, for what only a socket can do
  TlsOutcome client_, server_;
};

// All until the end, or until the fault, which lands in `fault`.
inline Task<Bytes> read_to_end(Stream* stream, Error* fault = nullptr, std::size_t piece_bytes = 1000) {
  Bytes all;
  Bytes piece(piece_bytes);
  for (;;) {
    const auto count = co_await stream->read(piece);
    if (!count && fault != nullptr) *fault = count.error();
    if (!count || *count == 0) co_return all;
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
}

}  // namespace yam::net
