#pragma once
// What a command line with URLs asks for: downloads, each with a file here. What could not end well is
// refused before anybody is asked.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "yam/service/http_client/http_url.hpp"

namespace yam::service {

struct HttpErrand {
  HttpUrl url;
  std::string file;        // a path here; "-" for stdout; a folder, when the server names the file
  bool is_named = false;   // by a person, who may have meant something else than the URL says
  bool is_listed = false;  // one of many in a folder of the server's
  std::optional<std::uint64_t> size_bytes = {};  // as its listing says

  bool operator==(const HttpErrand&) const = default;
};

// Each URL into `output`: a file, a folder (one that is there, or with '/' at the end), "-", or, when it is
// empty, the working folder. `named_by_server`: into that folder, under names that the servers choose.
// Code::usage for a URL that names no file, and for two that would become one.
Result<std::vector<HttpErrand>> plan_http_downloads(std::span<const HttpUrl> urls, const std::string& output,
                                                    bool named_by_server);

}  // namespace yam::service
