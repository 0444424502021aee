#pragma once
// Metalink (RFC 5854) as a client reads it: files, each with its size, its hashes, the hashes of its pieces
// and the URLs that have it. Names stay beneath a folder, or the document is refused; what it says of
// languages, places, signatures and torrents is left out. Entities of a document's own are not resolved.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam::proto::metalink {

inline constexpr std::size_t document_bytes_max = 32 * 1024 * 1024;
inline constexpr std::size_t files_max = 10'000;
inline constexpr std::size_t mirrors_max = 1'000;  // of a file
inline constexpr std::size_t pieces_max = 1'000'000;

// Rising in strength; whatever else a document names is passed over.
enum class HashKind : std::uint8_t { md5, sha1, sha256, sha512 };
std::size_t length_of(HashKind kind);     // bytes
std::string_view name_of(HashKind kind);  // "sha-256" (RFC 5854 §4.1.3)

struct Hash {
  HashKind kind = HashKind::sha256;
  Bytes value;

  bool operator==(const Hash&) const = default;
};

struct Pieces {
  HashKind kind = HashKind::sha256;
  std::uint64_t piece_bytes = 0;  // of all but the last one; not 0
  Bytes hashes;                   // one behind the other

  std::size_t count() const { return hashes.size() / length_of(kind); }
  ByteView hash(std::size_t number) const {
    return ByteView(hashes).subspan(number * length_of(kind), length_of(kind));
  }
  bool operator==(const Pieces&) const = default;
};

struct DescribedFile {
  std::vector<std::string> path;  // {"folder", "name"}: no part is empty, "." or ".."
  std::optional<std::uint64_t> size_bytes;
  std::optional<Hash> hash;       // the strongest one
  std::optional<Pieces> pieces;   // likewise; as many as the size asks for, when that is told
  std::vector<std::string> urls;  // best first, of any scheme

  bool operator==(const DescribedFile&) const = default;
};

// Code::protocol, "no Metalink: …", for what is not one, breaks a limit, or names a file that could lie
// elsewhere.
Result<std::vector<DescribedFile>> parse_metalink(std::string_view text);

}  // namespace yam::proto::metalink
