#pragma once
// Metalink (RFC 5854) as a server writes it: one file, its size, its hashes, and where it is to be had.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/bytes.hpp"

namespace yam::proto::metalink {

inline constexpr std::string_view media_type = "application/metalink4+xml";  // RFC 5854 §7.2

struct OfferedFile {
  std::string name;        // without a path (§4.1.2.1): UTF-8, or its bytes that are not are U+FFFD
  std::uint64_t size = 0;  // bytes
  std::vector<std::string> urls = {};  // absolute, best first
  Bytes sha256 = {};                   // 32 bytes
  std::uint64_t piece_bytes = 0;       // all but the last one's
  Bytes pieces = {};                   // a SHA-256 of 32 bytes each; none for a file without bytes
};

// The whole document, of about 100 bytes a piece. `generator` names who wrote it (§4.2.5).
std::string write_metalink(const OfferedFile& file, std::string_view generator);

}  // namespace yam::proto::metalink
