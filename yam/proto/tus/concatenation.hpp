#pragma once
// Upload-Concat (tus 1.0.0, Concatenation): an upload that is a part of another one, or is made of parts.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yam::proto::tus {

inline constexpr std::size_t parts_max = 256;  // of one upload

enum class Role : std::uint8_t {
  whole,    // the common case: no Upload-Concat
  partial,  // a part, not for its own sake
  final,    // made of parts
};

struct Concatenation {
  Role role = Role::whole;
  std::vector<std::string> parts = {};  // of a final one: the paths of their URLs, in order

  bool operator==(const Concatenation&) const = default;
};

// "partial", or "final;/uploads/a /uploads/b"; of absolute URLs the path counts. Absent when malformed.
std::optional<Concatenation> parse_concatenation(std::string_view text);
std::string write_concatenation(const Concatenation& concatenation);  // empty for a whole one

}  // namespace yam::proto::tus
