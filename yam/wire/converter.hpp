#pragma once
// What happens to the pieces of one direction of a conversation on their way: lines become frames, frames
// become lines, a line end is changed, bytes are shown as hex. A machine without I/O; nothing comes out
// unasked.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/wire/unframer.hpp"

namespace yam::wire {

// Pieces of bytes in order. A stream writes them as they come; a datagram socket makes one datagram of each.
class Pieces {
 public:
  void add(ByteView piece) {
    bytes_.insert(bytes_.end(), piece.begin(), piece.end());
    ends_.push_back(bytes_.size());
  }
  // Appends to the bytes of a piece that end_piece() completes.
  Bytes& open_piece() { return bytes_; }
  void end_piece() { ends_.push_back(bytes_.size()); }

  std::size_t count() const { return ends_.size(); }
  ByteView piece(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return ByteView(bytes_).subspan(begin, ends_[index] - begin);
  }
  ByteView all() const { return bytes_; }
  void clear() {
    bytes_.clear();
    ends_.clear();
  }

 private:
  Bytes bytes_;
  std::vector<std::size_t> ends_;
};

class Converter {
 public:
  virtual ~Converter() = default;

  // One piece comes in; what it makes is added to `out`. An Error is final.
  virtual Result<void> handle_piece(ByteView piece, Pieces& out) = 0;
  // No more comes in; what was held back is added to `out`.
  virtual Result<void> handle_end(Pieces& out) = 0;
};

// One behind the other, in the order given.
class ConverterChain final : public Converter {
 public:
  void then(std::unique_ptr<Converter> next) { links_.push_back(std::move(next)); }
  bool empty() const { return links_.empty(); }
  Result<void> handle_piece(ByteView piece, Pieces& out) override;
  Result<void> handle_end(Pieces& out) override;

 private:
  Result<void> pass(std::size_t link, const Pieces& pieces, Pieces& out);

  std::vector<std::unique_ptr<Converter>> links_;
};

// Each input line becomes one frame of `kind`.
std::unique_ptr<Converter> lines_to_frames(FrameKind kind, std::size_t frame_bytes_max = frame_bytes_default);

// Each frame of `kind` becomes one line; an LF inside a frame is written as the two characters \n.
std::unique_ptr<Converter> frames_to_lines(FrameKind kind, std::size_t frame_bytes_max = frame_bytes_default);

// Each frame of `kind` becomes a piece of its own, without its framing.
std::unique_ptr<Converter> frames_apart(FrameKind kind, std::size_t frame_bytes_max = frame_bytes_default);

// Each frame of `kind` becomes a piece of its own, framing and all, so that frames of several peers can
// follow each other on one line.
std::unique_ptr<Converter> frames_whole(FrameKind kind, std::size_t frame_bytes_max = frame_bytes_default);

// Each line becomes a piece of its own that ends with `line_end` ("\n", "\r\n", or nothing at all).
std::unique_ptr<Converter> change_line_ends(std::string line_end);

}  // namespace yam::wire
