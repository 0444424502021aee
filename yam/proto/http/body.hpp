#pragma once
// A message's body as it is framed, read and written. Content is never copied: reading gives views into what
// was handed in, and writing gives only what belongs around the content, so that a file may go by sendfile.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/proto/http/chunked.hpp"
#include "yam/proto/http/framing.hpp"

namespace yam::proto::http {

class BodyReader {
 public:
  BodyReader() = default;  // of a message without a body
  explicit BodyReader(const Framing& framing);

  // As ChunkedDecoder's; behind a body the bytes are left alone, and a tunnel's are never used.
  Checked<BodyStep> handle_bytes(ByteView unread);
  // The peer will send no more. 400 when the body is not whole (RFC 9112 §8).
  Checked<void> handle_end();
  bool done() const;

  // What is to come of a body that has a length; absent for others. Of that, skip() leaves out what went from
  // kernel to kernel.
  std::optional<std::uint64_t> left_bytes() const;
  void skip(std::uint64_t bytes);

  // Once done(); nothing but what a chunked body brought.
  void collect_trailers(Fields& fields, std::size_t& dropped) const;

 private:
  struct Counted {
    std::uint64_t left_bytes;
  };
  struct UntilClose {
    bool ended;
  };
  std::variant<Counted, UntilClose, ChunkedDecoder> body_;
};

class BodyWriter {
 public:
  BodyWriter() = default;
  explicit BodyWriter(const Framing& framing) : framing_(framing), left_bytes_(framing.length_bytes) {}

  // Appends to `out` what comes before the next `bytes` of content; send it, then the content. Code::usage
  // when the message has no so many.
  Result<void> frame(std::string& out, std::uint64_t bytes);
  // Appends what comes behind the content. Code::usage when bytes are missing, and for a trailer that may not
  // be one. Without chunks there are no trailers: they are left out (RFC 9110 §6.5.1).
  Result<void> finish(std::string& out, std::span<const Field> trailers = {});

  const Framing& framing() const { return framing_; }
  bool finished() const { return finished_; }

 private:
  Framing framing_;
  std::uint64_t left_bytes_ = 0;
  bool chunk_open_ = false;
  bool finished_ = false;
};

}  // namespace yam::proto::http
