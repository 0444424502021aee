#pragma once
// Paths and names of files as text, with '/' between their parts; the disk is not asked.

#include <string_view>

namespace yam {

// What stands behind the last '/', all of it where there is none; empty where it ends in one. A view of
// `path`.
constexpr std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

static_assert(last_part("a/b") == "b" && last_part("b") == "b" && last_part("a/").empty());

}  // namespace yam
