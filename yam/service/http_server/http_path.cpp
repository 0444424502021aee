#include "yam/service/http_server/http_path.hpp"

#include "yam/base/address/percent.hpp"

namespace yam::service {

namespace {

bool is_plain_in_path(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || std::string_view("-._~!$'()*,;=@+/").contains(letter);
}

}  // namespace

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
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string path = "/";
  for (const char letter : name) {
    if (is_plain_in_path(letter)) {
      path += letter;
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    path += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  if (is_folder && !path.ends_with('/')) path += '/';
  return path;
}

}  // namespace yam::service
