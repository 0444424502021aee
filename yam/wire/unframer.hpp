#pragma once
// Bytes in, whole messages out: the reading half of a framing, for a stream that arrives in any pieces.
// However the stream is cut up, the messages and the fault are the same. It reads no socket and allocates
// nothing on the word of a peer: what it holds is what has arrived.
//
//   const Result<void> taken = unframer.handle_bytes(chunk);
//   while (const std::optional<ByteView> message = unframer.poll_frame()) deliver(*message);
//   if (!taken) return fail(taken.error());

#include <cstddef>
#include <optional>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/wire/frame.hpp"
#include "yam/wire/frame_kind.hpp"

namespace yam::wire {

// Not for two threads at once. When each handle_bytes is followed by polls until empty, it holds at most one
// frame at the limit and one chunk, and the work is linear in the bytes however they are cut.
class Unframer {
 public:
  // `frame_bytes_max` counts the bytes of a message without its framing.
  explicit Unframer(FrameKind kind, std::size_t frame_bytes_max = frame_bytes_default);

  // Takes all of `bytes`. A broken or too long frame is Code::protocol and final: the same fault is the
  // answer to every later call. The frames that were whole before it are still there to poll.
  Result<void> handle_bytes(ByteView bytes);

  // The stream has ended; no handle_bytes may follow. A frame that was cut is Code::protocol, but an
  // unterminated last line is a message, as if its line end had come: what a person types before ^D counts. A
  // bare CR at its end is taken for the first half of that line end.
  Result<void> handle_end();

  // The next message, which may be empty. It points into this object and holds until the next handle_*.
  std::optional<ByteView> poll_frame();

  // Bytes held that no poll has handed out, their framing included.
  std::size_t buffered() const { return held_.size() - taken_; }

 private:
  Result<void> find_frames();
  Result<void> stop(Error fault);

  FrameKind kind_;
  std::size_t frame_bytes_max_;
  Bytes held_;  // [0, taken_) was handed out, [taken_, whole_) are whole frames, then one that is not
  std::size_t taken_ = 0;
  std::size_t whole_ = 0;
  std::size_t searched_ = 0;  // bytes behind whole_ known to hold no line end or delimiter
  std::optional<Error> fault_;
  bool ended_ = false;
};

}  // namespace yam::wire
