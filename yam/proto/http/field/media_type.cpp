#include "yam/proto/http/field/media_type.hpp"

#include <cstddef>
#include <utility>

#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {

bool MediaType::is(std::string_view name) const {
  const std::size_t slash = name.find('/');
  return slash != std::string_view::npos && same_word(type, name.substr(0, slash)) &&
         same_word(subtype, name.substr(slash + 1));
}

std::optional<std::string> MediaType::parameter(std::string_view name) const {
  for (ListReader list(parameters, ';'); const auto text = list.next();) {
    auto each = parse_parameter(*text);
    if (each && same_word(each->name, name)) return std::move(each->value);
  }
  return std::nullopt;
}

std::optional<MediaType> parse_media_type(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  const std::string_view name = trimmed(value.substr(0, semicolon));
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  MediaType media{name.substr(0, slash), name.substr(slash + 1), {}};
  if (!is_token(media.type) || !is_token(media.subtype)) return std::nullopt;
  if (semicolon != std::string_view::npos) media.parameters = value.substr(semicolon + 1);
  return media;
}

}  // namespace yam::proto::http
