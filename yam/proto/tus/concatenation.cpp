#include "yam/proto/tus/concatenation.hpp"

#include <algorithm>
#include <utility>

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::tus {

namespace {

// "https://host/uploads/a" and "/uploads/a" → "/uploads/a"; nothing for what is neither.
std::string_view path_of(std::string_view url) {
  if (url.starts_with('/')) return url;
  const bool absolute = http::starts_with_word(url, "http://") || http::starts_with_word(url, "https://");
  if (!absolute) return {};
  const std::size_t slash = url.find('/', url.find("//") + 2);
  return slash == url.npos ? std::string_view() : url.substr(slash);
}

}  // namespace

std::optional<Concatenation> parse_concatenation(std::string_view text) {
  constexpr std::string_view final_start = "final;";
  Concatenation concatenation;
  if (text == "partial") {
    concatenation.role = Role::partial;
    return concatenation;
  }
  if (!text.starts_with(final_start)) return std::nullopt;
  concatenation.role = Role::final;
  text.remove_prefix(final_start.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (const auto url = text.substr(begin, end - begin); !url.empty()) {
      const std::string_view path = path_of(url);
      if (path.empty() || concatenation.parts.size() == parts_max) return std::nullopt;
      concatenation.parts.emplace_back(path);
    }
    begin = end + 1;
  }
  if (concatenation.parts.empty()) return std::nullopt;
  return concatenation;
}

std::string write_concatenation(const Concatenation& concatenation) {
  if (concatenation.role == Role::whole) return {};
  if (concatenation.role == Role::partial) return "partial";
  std::string text = "final;";
  for (const auto& part : concatenation.parts)
    text += (&part == &concatenation.parts.front() ? "" : " ") + part;
  return text;
}

}  // namespace yam::proto::tus
