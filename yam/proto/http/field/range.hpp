#pragma once
// Byte ranges (RFC 9110 §14): what a request asks of a representation of a known size, and the Content-Range
// that answers it. A set that costs more than the whole would is as if never asked (§17.15).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yam::proto::http {

inline constexpr std::size_t ranges_max = 64;  // in one request; beyond them the whole is sent

struct ByteRange {
  std::uint64_t first = 0;  // offset
  std::uint64_t bytes = 0;  // at least 1

  std::uint64_t end() const { return first + bytes; }
  bool operator==(const ByteRange&) const = default;
};

enum class RangeAnswer : std::uint8_t {
  whole,          // 200: no range, none that we know, a malformed set, too many, or overlapping ones
  partial,        // 206
  unsatisfiable,  // 416
};

struct RangeSet {
  RangeAnswer answer = RangeAnswer::whole;
  std::vector<ByteRange> ranges;  // when partial; in the order asked, neighbours that touch joined

  bool operator==(const RangeSet&) const = default;
};

// `value` is Range's: "bytes=0-499", "bytes=-500", "bytes=0-0,-1".
RangeSet parse_range(std::string_view value, std::uint64_t size_bytes);

// "bytes 0-499/1234", and "bytes */1234" for a 416.
std::string write_content_range(const ByteRange& range, std::uint64_t size_bytes);
std::string write_content_range(std::uint64_t size_bytes);

struct ContentRange {
  std::optional<ByteRange> range;           // absent in a 416
  std::optional<std::uint64_t> size_bytes;  // absent where it is "*"

  bool operator==(const ContentRange&) const = default;
};
// A client's. Absent when malformed, of another unit, or beyond its own size.
std::optional<ContentRange> parse_content_range(std::string_view value);

}  // namespace yam::proto::http
