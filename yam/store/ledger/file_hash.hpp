#pragma once
// The SHA-256 of a file and of its pieces, read in one go. It takes 0.5 to 2 s a GiB, so it is for a thread
// that nobody waits for.

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam::store {

// Which bytes a hash belongs to: whoever writes to a file changes at least one of these.
struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;        // bytes
  std::int64_t modified_ns = 0;  // since the epoch

  auto operator<=>(const FileVersion&) const = default;
};

struct FileHashes {
  Bytes sha256;                   // 32 bytes
  std::uint64_t piece_bytes = 0;  // of all pieces but the last
  Bytes pieces;                   // 32 bytes each; none of an empty file

  bool operator==(const FileHashes&) const = default;
};

inline constexpr std::size_t sha256_bytes = 32;
inline constexpr std::uint64_t piece_bytes_min = 1024 * 1024;
inline constexpr std::uint64_t pieces_max = 2048;

// The smallest power of two, from piece_bytes_min on, with which a file has at most pieces_max pieces.
std::uint64_t piece_bytes_for(std::uint64_t size);

// What is open there now. Code::local when it cannot be asked, or is no regular file.
Result<FileVersion> version_of(int file);

// Reads the file from its beginning by pread, so its offset stays. `cancel` may be set by any thread; it is
// looked at 4,000 times a GiB. Code::interrupted then; Code::verification when the file is not `version`, is
// written to meanwhile, or was just before: a clock that ticks every few milliseconds cannot tell what is
// written within one tick apart, so what was modified less than settling_ns ago is no base for a hash that is
// kept. Code::local when it cannot be read.
inline constexpr std::int64_t settling_ns = 20'000'000;
Result<FileHashes> hash_file(int file, const FileVersion& version, const std::atomic<bool>& cancel);

}  // namespace yam::store
