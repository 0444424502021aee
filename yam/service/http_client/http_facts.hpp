#pragma once
// What the head of an answer says of the file that it gives: which version, how it is coded, from when. It
// judges nothing.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/proto/http/field/range.hpp"
#include "yam/service/http_client/http_connection.hpp"

namespace yam::service {

// The entity tag, with its quotes, when it is one that stands for the same bytes (RFC 9110 §8.8.1); else
// empty.
std::string strong_tag(const HttpHead& head);

// Content-Encoding, when it is one; "gzip, br" for several.
std::string coding_of(const HttpHead& head);

// Whether a file is compressed by nature, and called coded besides by some servers: x.tar.gz stays what it
// is.
bool is_compressed_by_name(std::string_view path, std::string_view coding);

// Last-Modified in seconds since 1970; 0 when it is absent, malformed or before.
std::int64_t modified_of(const HttpHead& head);

// How long Retry-After asks to wait.
std::optional<Duration> retry_after_of(const HttpHead& head);

// The range that a 206 gives, of a whole whose size it tells; absent otherwise.
struct GivenRange {
  proto::http::ByteRange range;
  std::uint64_t size_bytes = 0;
};
std::optional<GivenRange> range_of(const HttpHead& head);

}  // namespace yam::service
