#include "yam/proto/http/field/disposition.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

std::optional<std::string> unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return std::nullopt;
    bytes += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return bytes;
}

std::string utf8_of_latin1(std::string_view latin1) {
  std::string text;
  for (const char c : latin1) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0U | (byte >> 6U));
      text += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return text;
}

// `UTF-8'language'%e6…`, RFC 8187 §3.2.
std::optional<std::string> parse_extended(std::string_view value) {
  const std::size_t first = value.find('\'');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = value.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto bytes = unescape(value.substr(second + 1));
  if (!bytes) return std::nullopt;
  const std::string_view charset = value.substr(0, first);
  if (same_word(charset, "UTF-8")) return is_utf8(*bytes) ? std::move(bytes) : std::nullopt;
  if (same_word(charset, "ISO-8859-1")) return utf8_of_latin1(*bytes);
  return std::nullopt;
}

struct Found {
  std::optional<std::string> name, filename, extended;
  bool twice = false;

  void take(std::optional<std::string>& into, std::string value) {
    twice = twice || into.has_value();
    into = std::move(value);
  }
};

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
}

bool is_attr_letter(char c) {  // attr-char, RFC 8187 §3.2.1
  return is_letter(c) || is_digit(c) || std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<Disposition> parse_disposition(std::string_view value) {
  ListReader parts(value, ';');
  const auto type = parts.next();
  if (!type || !is_token(*type)) return std::nullopt;
  Found found;
  while (const auto part = parts.next()) {
    auto parameter = parse_parameter(*part);
    if (!parameter) continue;
    if (same_word(parameter->name, "name"))
      found.take(found.name, std::move(parameter->value));
    else if (same_word(parameter->name, "filename"))
      found.take(found.filename, std::move(parameter->value));
    else if (same_word(parameter->name, "filename*"))
      found.take(found.extended, std::move(parameter->value));
  }
  if (found.twice) return std::nullopt;
  Disposition disposition;
  std::ranges::transform(*type, std::back_inserter(disposition.type), lower_letter);
  disposition.name = std::move(found.name);
  if (found.extended) disposition.filename = parse_extended(*found.extended);
  if (!disposition.filename) disposition.filename = std::move(found.filename);
  return disposition;
}

std::string write_disposition(std::string_view type, std::string_view filename) {
  std::string plain;
  for (const char c : filename) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0U) == 0x80;  // one "_" a character
    if (is_plain(c))
      plain += c;
    else if (!continues)
      plain += '_';
  }
  std::string value = std::string(type) + "; filename=" + quote(plain);
  if (plain == filename || !is_utf8(filename)) return value;
  value += "; filename*=UTF-8''";
  for (const char c : filename) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_attr_letter(c))
      value += c;
    else
      value.append({'%', hex_digits[byte >> 4U], hex_digits[byte & 15U]});
  }
  return value;
}

}  // namespace yam::proto::http
