#pragma once
// One connection as two directions of bytes, whatever carries it: TCP, a Unix socket, TLS, a pair of pipes, a
// child process. Each direction ends by itself: finish() says we have no more to send, and a read of 0 bytes
// says so of the peer. A stream belongs to one loop; one reader and one writer may wait at a time.
//
// A program that uses streams ignores SIGPIPE, as `yam` does: a closed pipe is an Error of the write.

#include <array>
#include <optional>

#include "yam/net/loop/watch.hpp"

namespace yam::net {

// What a non-blocking attempt came to: nothing (it would block), a count of bytes, or a fault.
using Attempt = std::optional<Result<std::size_t>>;

class Stream {
 public:
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  class Read;
  class Write;

  // co_await stream.read(into): Result<size_t>, at least one byte, or 0 at the end of what the peer sends.
  // Code::timeout when the deadline comes first; the stream is then as it was.
  Read read(ByteSpan into, Time deadline = never);

  // co_await stream.write(bytes): Result<size_t>, after all of it has been handed to the system; head and
  // body go out in one call, so that a short head does not wait for an acknowledgement (44 ms against 30 µs).
  // After a timeout an unknown part has been sent.
  Write write(ByteView bytes, Time deadline = never);
  Write write(ByteView head, ByteView body, Time deadline = never);

  // co_await stream.finish(): our direction ends (FIN, close_notify, end of the pipe) once everything is out.
  Write finish(Time deadline = never);

  // co_await stream.readable(deadline): true when a try_read is worthwhile. An idle connection waits here
  // without holding a buffer.
  virtual Watch::Readiness readable(Time deadline = never);

  // True for a stream of datagrams: each write is one message and each read gives one whole, of which 0 bytes
  // are an empty one. Nobody can say there that he has no more to send: finish() does nothing, a read never
  // ends.
  virtual bool keeps_messages() const { return false; }

  // The attempts behind the awaitables. try_write takes what fits of `parts`, in order; try_finish gives 0
  // when done.
  virtual Attempt try_read(ByteSpan into) = 0;
  virtual Attempt try_write(std::span<const ByteView> parts) = 0;
  virtual Attempt try_finish() = 0;
  // Hands on what try_write took and still holds (TLS records): 0 once nothing is held.
  virtual Attempt try_flush() { return 0; }

  // Where a blocked attempt waits for its next chance.
  virtual Watch& read_watch() = 0;
  virtual Watch& write_watch() = 0;

  // Closes at once, with a reset where the carrier has one (RST), so that the peer cannot take it for an end.
  virtual void abort() = 0;

  // The descriptors, when the bytes on them are exactly the stream's: then the kernel may move them by itself
  // (sendfile, splice). TLS has none.
  virtual std::optional<int> read_fd() const { return std::nullopt; }
  virtual std::optional<int> write_fd() const { return std::nullopt; }
  // The socket beneath, for its addresses and to shut it down; its bytes may be another's (TLS).
  virtual std::optional<int> socket() const { return std::nullopt; }

 protected:
  Stream() = default;
};

class [[nodiscard]] Stream::Read final : public Waiter {
 public:
  Read(Stream& stream, ByteSpan into, Time deadline);
  ~Read() { stream_.read_watch().forget(*this); }

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<std::size_t> await_resume() { return std::move(*outcome_); }
  void run() override;

 private:
  void wait();

  Stream& stream_;
  ByteSpan into_;
  Time deadline_;
  std::coroutine_handle<> waiting_;
  Attempt outcome_;
};

class [[nodiscard]] Stream::Write final : public Waiter {
 public:
  // Empty parts and `finishing` is a finish().
  Write(Stream& stream, ByteView head, ByteView body, bool finishing, Time deadline);
  ~Write() { stream_.write_watch().forget(*this); }

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Result<std::size_t> await_resume() { return std::move(*outcome_); }
  void run() override;

 private:
  void attempt();
  void wait();

  Stream& stream_;
  std::array<ByteView, 2> parts_;
  std::size_t written_ = 0;
  Time deadline_;
  std::coroutine_handle<> waiting_;
  Attempt outcome_;
  bool finishing_;
  bool taken_ = false;  // something of it, if only nothing
};

}  // namespace yam::net
