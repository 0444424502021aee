#include "yam/service/http_server/http_path.hpp"

#include <algorithm>

#include "yam/base/address/percent.hpp"

namespace yam::service {

Result<HttpPath> read_http_path(std::string_view path) {
  HttpPath read;
  std::string_view name = path.substr(1);
  read.is_folder = name.empty() || name.ends_with('/');
  if (name.ends_with('/')) name.remove_suffix(1);
  if (path.contains("//")) return fail(Code::usage, "an empty part in the path");
  if (!name.contains('%')) {
    read.name = name;
    return read;
  }
  auto decoded = percent_decoded(Typed(name));
  if (!decoded) return fail(Code::usage, "an escape in the path that means nothing");
  read.name = std::move(*decoded);
  return read;
}

std::string write_http_path(std::string_view name, bool is_folder) {
  std::string path;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    path += '/';
    path += percent_encoded_segment(name.substr(begin, end - begin));
    begin = end + 1;
  }
  if (is_folder || path.empty()) path += '/';
  return path;
}

}  // namespace yam::service
