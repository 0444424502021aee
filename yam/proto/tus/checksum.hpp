#pragma once
// Upload-Checksum (tus 1.0.0, Checksum): of the bytes that one request carries. It computes none.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"

namespace yam::proto::tus {

// crc32, which some servers know, tells no forgery and less than TCP's and TLS's own sums tell already.
enum class ChecksumKind : std::uint8_t { sha1, sha256, md5 };
inline constexpr std::string_view checksum_names = "sha1,sha256,md5";  // Tus-Checksum-Algorithm

struct Checksum {
  ChecksumKind kind = ChecksumKind::sha1;
  Bytes digest = {};  // of its kind's length

  bool operator==(const Checksum&) const = default;
};

// "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=". Absent when it is malformed, or of a kind that we do not know.
std::optional<Checksum> parse_checksum(std::string_view text);
std::string write_checksum(const Checksum& checksum);

}  // namespace yam::proto::tus
