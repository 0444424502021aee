#include "yam/wire/converter.hpp"

#include <utility>

namespace yam::wire {

namespace {

// Cuts messages out by one framing and hands each to put().
class Recutter : public Converter {
 public:
  Recutter(FrameKind kind, std::size_t frame_bytes_max) : unframer_(std::move(kind), frame_bytes_max) {}

  Result<void> handle_piece(ByteView piece, Pieces& out) final {
    const Result<void> taken = unframer_.handle_bytes(piece);
    if (auto passed = pass_on(out); !passed) return passed;
    return taken;
  }

  Result<void> handle_end(Pieces& out) final {
    const Result<void> ended = unframer_.handle_end();
    if (auto passed = pass_on(out); !passed) return passed;
    return ended;
  }

 private:
  virtual Result<void> put(ByteView message, Pieces& out) = 0;

  Result<void> pass_on(Pieces& out) {
    while (const auto message = unframer_.poll_frame())
      if (auto done = put(*message, out); !done) return done;
    return {};
  }

  Unframer unframer_;
};

class LinesToFrames final : public Recutter {
 public:
  LinesToFrames(FrameKind kind, std::size_t frame_bytes_max)
      : Recutter(Lines{}, frame_bytes_max), kind_(std::move(kind)), frame_bytes_max_(frame_bytes_max) {}

 private:
  Result<void> put(ByteView line, Pieces& out) override {
    if (auto framed = frame_onto(out.open_piece(), kind_, line, frame_bytes_max_); !framed) return framed;
    out.end_piece();
    return {};
  }

  FrameKind kind_;
  std::size_t frame_bytes_max_;
};

class FramesToLines final : public Recutter {
 public:
  using Recutter::Recutter;

 private:
  Result<void> put(ByteView message, Pieces& out) override {
    Bytes& line = out.open_piece();
    for (const std::byte byte : message) {
      if (byte == std::byte{'\n'}) {
        line.push_back(std::byte{'\\'});
        line.push_back(std::byte{'n'});
      } else {
        line.push_back(byte);
      }
    }
    line.push_back(std::byte{'\n'});
    out.end_piece();
    return {};
  }
};

class FramesApart final : public Recutter {
 public:
  using Recutter::Recutter;

 private:
  Result<void> put(ByteView message, Pieces& out) override {
    out.add(message);
    return {};
  }
};

class FramesWhole final : public Recutter {
 public:
  FramesWhole(const FrameKind& kind, std::size_t frame_bytes_max)
      : Recutter(kind, frame_bytes_max), kind_(kind), frame_bytes_max_(frame_bytes_max) {}

 private:
  Result<void> put(ByteView message, Pieces& out) override {
    if (auto framed = frame_onto(out.open_piece(), kind_, message, frame_bytes_max_); !framed) return framed;
    out.end_piece();
    return {};
  }

  FrameKind kind_;
  std::size_t frame_bytes_max_;
};

class LineEnds final : public Recutter {
 public:
  explicit LineEnds(std::string line_end)
      : Recutter(Lines{}, frame_bytes_default), line_end_(std::move(line_end)) {}

 private:
  Result<void> put(ByteView line, Pieces& out) override {
    const ByteView end = bytes_of(line_end_);
    Bytes& piece = out.open_piece();
    piece.insert(piece.end(), line.begin(), line.end());
    piece.insert(piece.end(), end.begin(), end.end());
    out.end_piece();
    return {};
  }

  std::string line_end_;
};

}  // namespace

Result<void> ConverterChain::handle_piece(ByteView piece, Pieces& out) {
  Pieces first;
  first.add(piece);
  return pass(0, first, out);
}

// Ends each link in turn; what a link held back still goes through those behind it.
Result<void> ConverterChain::handle_end(Pieces& out) {
  for (std::size_t link = 0; link < links_.size(); ++link) {
    Pieces held;
    const Result<void> ended = links_[link]->handle_end(held);
    if (auto passed = pass(link + 1, held, out); !passed) return passed;
    if (!ended) return ended;
  }
  return {};
}

Result<void> ConverterChain::pass(std::size_t link, const Pieces& pieces, Pieces& out) {
  for (std::size_t i = 0; i < pieces.count(); ++i) {
    if (link == links_.size()) {
      out.add(pieces.piece(i));
      continue;
    }
    Pieces next;
    const Result<void> done = links_[link]->handle_piece(pieces.piece(i), next);
    if (auto passed = pass(link + 1, next, out); !passed) return passed;
    if (!done) return done;
  }
  return {};
}

std::unique_ptr<Converter> lines_to_frames(FrameKind kind, std::size_t frame_bytes_max) {
  return std::make_unique<LinesToFrames>(std::move(kind), frame_bytes_max);
}

std::unique_ptr<Converter> frames_to_lines(FrameKind kind, std::size_t frame_bytes_max) {
  return std::make_unique<FramesToLines>(std::move(kind), frame_bytes_max);
}

std::unique_ptr<Converter> frames_apart(FrameKind kind, std::size_t frame_bytes_max) {
  return std::make_unique<FramesApart>(std::move(kind), frame_bytes_max);
}

std::unique_ptr<Converter> frames_whole(FrameKind kind, std::size_t frame_bytes_max) {
  return std::make_unique<FramesWhole>(kind, frame_bytes_max);
}

std::unique_ptr<Converter> change_line_ends(std::string line_end) {
  return std::make_unique<LineEnds>(std::move(line_end));
}

}  // namespace yam::wire
