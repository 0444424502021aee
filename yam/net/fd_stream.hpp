#pragma once
// A stream over descriptors that the kernel serves: one socket for both directions, or one descriptor each
// way (pipes, a terminal, files). Closes what it owns.

#include "yam/net/stream.hpp"

namespace yam::net {

class FdStream final : public Stream {
 public:
  // A connected stream socket, made non-blocking by whoever opened it. TCP gets TCP_NODELAY.
  static Result<std::unique_ptr<FdStream>> over_socket(Loop& loop, Fd socket);

  // One descriptor each way; either may be absent (reads end at once, writes are refused). Non-blocking where
  // the kind allows it; regular files always answer at once.
  static Result<std::unique_ptr<FdStream>> over_pair(Loop& loop, Fd in, Fd out);

  Attempt try_read(ByteSpan into) override;
  Attempt try_write(std::span<const ByteView> parts) override;
  Attempt try_finish() override;
  Watch& read_watch() override { return in_watch_; }
  Watch& write_watch() override { return out_watch_ ? *out_watch_ : in_watch_; }
  void abort() override;
  std::optional<int> read_fd() const override;
  std::optional<int> write_fd() const override;
  std::optional<int> socket() const override { return kind_ == Kind::socket ? read_fd() : std::nullopt; }

 private:
  enum class Kind : std::uint8_t { socket, pair };
  FdStream(Loop& loop, Kind kind, Fd in, Fd out);
  Result<void> attach();

  Fd in_;
  Fd out_;                            // a pair's other half; a socket has none
  Watch in_watch_;                    // destroyed before the descriptors it watches
  std::unique_ptr<Watch> out_watch_;  // only for a pair: an idle socket pays for one watch
  Kind kind_;
  bool short_read_drains_ = false;  // true for sockets and pipes; a terminal gives one line at a time
};

}  // namespace yam::net
