#pragma once
// The steps of a relay: each moves what can be moved now, remembers what the target has not taken yet, and
// says what it waits for. It never waits itself, and it loses no byte when the kernel refuses a way half-way.

#include "yam/net/stream.hpp"

namespace yam::net {

class RelayMover {
 public:
  // The most that one step asks the kernel for, and what the pipe of a splice should hold: 1 MiB took bulk
  // data twice as fast as 64 KiB.
  static constexpr std::size_t step_bytes = 1024 * 1024;
  // A read of so much at once is bulk, and worth a pipe of two descriptors; a splice of so little is not.
  static constexpr std::size_t bulk_bytes = 32 * 1024;
  static constexpr std::size_t small_bytes = 8 * 1024;

  enum class Step : std::uint8_t {
    moved,          // moved_bytes() more are with the target; step again
    source_empty,   // wait for the source, then step again
    target_full,    // wait for the target, then step again
    source_ended,   // all of it is with the target
    limit_reached,  // bytes_max are with the target
    read_failed,    // error() says why; what was read before is with the target
    write_failed,   // error() says why
  };

  RelayMover(Stream& from, Stream& to, std::uint64_t bytes_max);

  Step step();
  std::size_t moved_bytes() const { return moved_; }
  const Error& error() const { return error_; }

 private:
  enum class Way : std::uint8_t { copy, sendfile, splice, splice_through_pipe };
  // An intermediate pipe; empty whenever the source is read.
  struct Pipe {
    Fd out;
    Fd in;
    std::size_t held = 0;
  };

  Step copy();
  Step write_or_hold(ByteView bytes);
  Step write_held();
  Step send_file();
  Step splice_directly();
  Step fill_pipe();
  Step drain_pipe();
  Step take_from_pipe();

  Step fall_back();
  Step find_out_what_blocks();
  bool open_pipe();
  void change_way_after(std::size_t bytes);
  std::size_t allowed(std::size_t bytes) const;
  Step moved(std::size_t bytes);
  Step failed(Step side, Error error);

  Stream& from_;
  Stream& to_;
  std::uint64_t left_;  // to be read from the source
  std::size_t moved_ = 0;
  int from_fd_ = -1;
  int to_fd_ = -1;
  Way way_ = Way::copy;
  Way bulk_way_ = Way::copy;  // what to change to when much comes at once
  bool source_is_pipe_ = false;
  Pipe pipe_;
  Bytes held_;  // read, and not yet taken by the target; no memory while nothing waits
  std::size_t held_taken_ = 0;
  Error error_;
};

}  // namespace yam::net
