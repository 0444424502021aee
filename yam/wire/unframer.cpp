#include "yam/wire/unframer.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace yam::wire {

Unframer::Unframer(FrameKind kind, std::size_t frame_bytes_max)
    : kind_(std::move(kind)), frame_bytes_max_(frame_bytes_max) {}

Result<void> Unframer::handle_bytes(ByteView bytes) {
  assert(!ended_);
  if (fault_) return fail(*fault_);
  // What is moved down is less than the last chunk when all was polled (the last frame ended in that chunk),
  // and less than what was handed out otherwise: linear either way.
  if (taken_ == whole_ || taken_ >= held_.size() / 2) {
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(taken_));
    whole_ -= taken_;
    taken_ = 0;
  }
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  return find_frames();
}

Result<void> Unframer::handle_end() {
  if (fault_) return fail(*fault_);
  ended_ = true;
  if (whole_ == held_.size()) return {};
  if (std::holds_alternative<Lines>(kind_)) {
    held_.push_back(std::byte{'\n'});
    return find_frames();
  }
  const std::string part = std::to_string(held_.size() - whole_);
  return stop({Code::protocol,
               "the stream ended inside a " + name_of(kind_) + " frame, " + part + " bytes into it",
               {}});
}

std::optional<ByteView> Unframer::poll_frame() {
  if (taken_ == whole_) return std::nullopt;
  // Found a second time: cheaper than a list of where each frame lies (16 bytes for each newline).
  const ByteView whole = ByteView(held_).subspan(taken_, whole_ - taken_);
  const auto frame = front_frame(kind_, whole, frame_bytes_max_);
  assert(frame && *frame);
  taken_ += (*frame)->frame_bytes;
  return whole.subspan((*frame)->message_at, (*frame)->message_bytes);
}

// Moves whole_ behind the last whole frame.
Result<void> Unframer::find_frames() {
  for (;;) {
    const ByteView rest = ByteView(held_).subspan(whole_);
    const auto frame = front_frame(kind_, rest, frame_bytes_max_, searched_);
    if (!frame) return stop(frame.error());
    if (!*frame) {
      searched_ = rest.size();
      return {};
    }
    whole_ += (*frame)->frame_bytes;
    searched_ = 0;
  }
}

Result<void> Unframer::stop(Error fault) {
  held_.resize(whole_);
  searched_ = 0;
  fault_ = std::move(fault);
  return fail(*fault_);
}

}  // namespace yam::wire
