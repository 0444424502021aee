#pragma once
// Whole messages from a stream, told apart by a framing: a wire::Unframer that is fed by reads. One task at a
// time waits for the next.
//
//   FrameReader lines(*stream, wire::Lines());
//   const auto line = co_await lines.next();

#include <memory>
#include <optional>
#include <string>

#include "yam/net/stream.hpp"
#include "yam/wire/unframer.hpp"

namespace yam::net {

class FrameReader {
 public:
  // The stream is borrowed, or handed over.
  FrameReader(Stream& stream, wire::FrameKind kind, std::size_t frame_bytes_max = wire::frame_bytes_default)
      : stream_(stream), unframer_(std::move(kind), frame_bytes_max) {}
  FrameReader(std::unique_ptr<Stream> stream, wire::FrameKind kind,
              std::size_t frame_bytes_max = wire::frame_bytes_default)
      : FrameReader(*stream, std::move(kind), frame_bytes_max) {
    owned_ = std::move(stream);
  }
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  // The next message, or nothing once the stream has ended. Code::protocol for a broken, cut or too long
  // frame (the whole ones before it come first), Code::timeout when the deadline comes first; after a timeout
  // the reader is as it was.
  Task<Result<std::optional<std::string>>> next(Time deadline = never);

 private:
  std::unique_ptr<Stream> owned_;
  Stream& stream_;
  wire::Unframer unframer_;
  Result<void> taken_;  // what the unframer said; told once its frames are out
  bool ended_ = false;
};

}  // namespace yam::net
