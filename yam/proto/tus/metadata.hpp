#pragma once
// Upload-Metadata (tus 1.0.0, Creation): pairs of a key and a value, the values in base64. What a value means
// is the server's to say; it is the client's word and nothing more.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yam::proto::tus {

inline constexpr std::size_t metadata_pairs_max = 64;

struct MetadataPair {
  std::string key;    // ASCII without blanks and commas
  std::string value;  // any bytes, perhaps none

  bool operator==(const MetadataPair&) const = default;
};
using Metadata = std::vector<MetadataPair>;

// Absent when it is malformed, has a key twice, or has too many.
std::optional<Metadata> parse_metadata(std::string_view text);

// "filename YS50eHQ=,empty". Keys must be such as parse_metadata() takes.
std::string write_metadata(const Metadata& metadata);

// The value of that key; keys have a case.
std::optional<std::string_view> find(const Metadata& metadata, std::string_view key);

}  // namespace yam::proto::tus
