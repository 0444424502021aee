#pragma once
// What a request's path names in the served folder. Percent-escapes are resolved once; what could lead
// elsewhere is refused by the store, when it is opened.

#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::service {

// What is ours and no file's: "/.yam/…".
inline constexpr std::string_view http_own_prefix = "/.yam/";

struct HttpPath {
  std::string name;        // beneath the folder: "a/b.txt"; empty: the folder itself
  bool is_folder = false;  // there was a "/" at the end
};

// Of a target in origin or absolute form. Code::usage for "%00" and "//".
Result<HttpPath> read_http_path(std::string_view path);

// The opposite, for links and Location: "/a%20b/c"; `is_folder` adds a "/".
std::string write_http_path(std::string_view name, bool is_folder);

}  // namespace yam::service
