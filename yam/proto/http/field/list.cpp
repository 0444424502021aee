#include "yam/proto/http/field/list.hpp"

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

// How many bytes stand before the first separator outside of quotes.
std::size_t member_size(std::string_view text, char separator) {
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') inside = !inside;
    if (inside && text[i] == '\\') ++i;
    if (!inside && i < text.size() && text[i] == separator) return i;
  }
  return text.size();
}

}  // namespace

std::optional<std::string_view> ListReader::next() {
  while (!rest_.empty()) {
    const std::size_t size = member_size(rest_, separator_);
    const std::string_view member = trimmed(rest_.substr(0, size));
    rest_.remove_prefix(size < rest_.size() ? size + 1 : size);
    if (!member.empty()) return member;
  }
  return std::nullopt;
}

std::optional<Parameter> parse_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = text.substr(equals + 1);
  if (!is_token(name)) return std::nullopt;  // no blank around "=" (RFC 9110 §5.6.6)
  if (is_token(value)) return Parameter{name, std::string(value)};
  auto inside = unquote(value);
  if (!inside) return std::nullopt;
  return Parameter{name, std::move(*inside)};
}

std::optional<std::string> unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string inside;
  inside.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || !is_value_letter(text[i])) return std::nullopt;
    if (text[i] == '\\' && (++i == text.size() || !is_value_letter(text[i]))) return std::nullopt;
    inside += text[i];
  }
  return inside;
}

std::string quote(std::string_view text) {
  std::string quoted_text = "\"";
  for (const char c : text) {
    if (!is_value_letter(c)) continue;
    if (c == '"' || c == '\\') quoted_text += '\\';
    quoted_text += c;
  }
  return quoted_text += '"';
}

}  // namespace yam::proto::http
