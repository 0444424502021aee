#include "yam/proto/http/field/etag.hpp"

#include <algorithm>
#include <cstddef>

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

bool is_tag_letter(char c) {  // etagc: no blank, no quote, no control
  return c != '"' && c != ' ' && !is_control(c);
}

// How many bytes at the front are a tag; 0 for none.
std::size_t tag_size(std::string_view text) {
  const std::size_t quote_at = text.starts_with("W/") ? 2 : 0;
  if (text.size() <= quote_at || text[quote_at] != '"') return 0;
  const auto* end = std::find_if_not(text.begin() + quote_at + 1, text.end(), is_tag_letter);
  if (end == text.end() || *end != '"') return 0;
  return static_cast<std::size_t>(end - text.begin()) + 1;
}

}  // namespace

std::string EntityTag::to_string() const {
  return std::string(weak ? "W/\"" : "\"").append(opaque).append("\"");
}

std::optional<EntityTag> parse_entity_tag(std::string_view text) {
  if (text.empty() || tag_size(text) != text.size()) return std::nullopt;
  const bool weak = text.front() == 'W';
  text.remove_prefix(weak ? 3 : 1);
  text.remove_suffix(1);
  return EntityTag{weak, text};
}

std::optional<EntityTag> EntityTagReader::next() {
  while (!rest_.empty() && (is_blank(rest_.front()) || rest_.front() == ','))
    rest_.remove_prefix(1);
  const std::size_t size = tag_size(rest_);
  const std::string_view tag = rest_.substr(0, size);
  rest_ = trimmed(rest_.substr(size));
  if (size == 0 || (!rest_.empty() && rest_.front() != ',')) rest_ = {};
  return parse_entity_tag(tag);
}

}  // namespace yam::proto::http
