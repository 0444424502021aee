#pragma once
// The chunked coding (RFC 9112 §7.1), read. Content comes out as views into what was handed in, nothing is
// copied but a trailer section. What chunk extensions say is not asked (§7.1.1), yet their letters are
// checked: line ends inside them have smuggled requests.

#include <cstddef>
#include <cstdint>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/proto/http/field_scanner.hpp"
#include "yam/proto/http/fields.hpp"
#include "yam/proto/http/refusal.hpp"

namespace yam::proto::http {

inline constexpr std::size_t chunk_size_digits_max = 15;  // hex, leading zeros included: below 2^60 bytes
inline constexpr std::size_t chunk_extension_bytes_max = 256;  // of one chunk
inline constexpr std::size_t trailer_bytes_max = 8 * 1024;

// What one call made of the bytes that it got: `used` of them are done with, and `content`, perhaps empty, is
// among those.
struct BodyStep {
  std::size_t used = 0;
  ByteView content = {};
};

class ChunkedDecoder {
 public:
  // Reads up to the end of the next piece of content. Call it until nothing is left or done(); what is left
  // then belongs to the next message. 400 where the coding is broken, 431 for trailers beyond their limits.
  Checked<BodyStep> handle_bytes(ByteView unread);
  bool done() const { return state_ == State::done; }

  // Once done(): the trailer fields, but those that may not come so late (RFC 9110 §6.5.1). They borrow this
  // object. `dropped` counts the others.
  void collect_trailers(Fields& fields, std::size_t& dropped) const;

 private:
  enum class State : std::uint8_t {
    size_start,
    size,
    size_blank,
    extension,
    size_lf,
    content,
    content_cr,
    content_lf,
    trailers,
    done,
  };

  Checked<void> read_byte(char c);
  Checked<void> read_size(char c);
  Checked<std::size_t> read_trailers(ByteView unread);

  State state_ = State::size_start;
  std::uint64_t left_bytes_ = 0;  // of the chunk
  std::size_t digits_ = 0, extension_bytes_ = 0;
  std::string trailers_;
  std::size_t trailers_at_ = 0;
  FieldScanner scanner_;
};

// Whether a field of that name may come behind the content: not those for framing, routing, authentication,
// conditions, caching, and the content's meaning.
bool may_be_trailer(std::string_view name);

}  // namespace yam::proto::http
