#pragma once
// Names of files in a served folder, as peers write them: relative, '/' between components, bytes that need
// not be UTF-8. Nothing is decoded or tidied up: a name that could lead elsewhere, that has two spellings, or
// that belongs to an unfinished upload is refused before the kernel sees it.

#include <cstddef>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::store {

inline constexpr std::size_t name_bytes_max = 4095;      // PATH_MAX without its NUL
inline constexpr std::size_t component_bytes_max = 255;  // NAME_MAX

// What an unfinished upload ends in. Such names are neither served nor written for a peer: half a file must
// not pass for a whole one, and nobody may write into what somebody else is still receiving.
inline constexpr std::string_view part_suffix = ".part";

// Code::usage for what is not a name: nothing, too long, a NUL or another control character (C0 and DEL),
// absolute, a component that is empty, "." or ".."; Code::refused for a component that ends in part_suffix.
// "file name "../x": it has a '..' component".
Result<void> check_name(std::string_view name);

// The same for a name of something that is there, to read, move or remove it: controls may stand in it, for
// whoever owns the folder may have made such a name; only nobody gets to make one through us.
Result<void> check_existing_name(std::string_view name);

struct SplitName {
  std::string_view folder;  // "a/b/" with its '/', or empty
  std::string_view base;    // "c.txt"
};
SplitName split(std::string_view name);

// "report.txt", 2 → "report-2.txt"; "src.tar.gz", 3 → "src-3.tar.gz"; ".profile", 2 → ".profile-2". For a
// base name; the stem gives way, at a UTF-8 boundary, where the result would exceed component_bytes_max.
std::string numbered(std::string_view base, unsigned number);

// "report.txt", "" → "report.txt.part"; "report.txt", "k3x9ab" → "report.txt.k3x9ab.part"; shortened
// likewise.
std::string part_of(std::string_view base, std::string_view mark);

}  // namespace yam::store
