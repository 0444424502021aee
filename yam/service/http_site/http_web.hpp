#pragma once
// The files of the page (web/), which the build puts into the program (cmake/web.cmake writes the source),
// and how they are given out.

#include <span>
#include <string_view>

#include "yam/proto/http/field/date.hpp"

namespace yam::service {

class HttpExchange;

struct WebFile {
  std::string_view name;            // "page.js"
  std::string_view tag, small_tag;  // entity tags, with their quotes
  std::string_view content, small;  // small: the same by gzip
};

// Fixed, by name.
std::span<const WebFile> web_files();

// Another one for other files: what lies beneath /.yam/VERSION/ never changes.
std::string_view web_version();

// Answers GET or HEAD of `path`: NAME, which is asked for again each time, or VERSION/NAME, which a browser
// keeps. 404 for what is no file of the page. `now` is that of the answer's Date.
void answer_with_web_file(HttpExchange& exchange, std::string_view path, proto::http::Date now);

}  // namespace yam::service
