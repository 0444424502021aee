#pragma once
// Content codings undone (RFC 9110 §8.4.1): gzip, br and zstd. What comes out is handed on in pieces of a
// bounded size, however much is in a byte that comes in.

#include <memory>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam::service {

class ContentDecoder {
 public:
  static constexpr std::string_view accepted = "gzip, br, zstd";  // for Accept-Encoding
  static constexpr std::size_t piece_bytes_max = 64 * 1024;

  virtual ~ContentDecoder() = default;
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // Null for a coding that is none of these, "identity" among them. Code::local when there is no memory.
  static Result<std::unique_ptr<ContentDecoder>> open(std::string_view coding);

  // The next piece, good until the next call, and what made it taken off `coded`. Call it again until it is
  // empty. Code::protocol when it is broken, and for what comes behind its end.
  Result<ByteView> decode(ByteView& coded);
  // Code::network when more was to come.
  Result<void> finish() const;

 protected:
  ContentDecoder() = default;
  // As decode(), but it may have nothing to give although it used something.
  virtual Result<ByteView> step(ByteView& coded) = 0;
  virtual bool is_whole() const = 0;
};

}  // namespace yam::service
