#include "yam/proto/http/field/accept_encoding.hpp"

#include <algorithm>
#include <cstddef>

#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::string_view identity = "identity";

struct WeighedCoding {
  std::string_view name;
  unsigned weight = 1000;
};

std::optional<WeighedCoding> parse_weighed(std::string_view member) {
  ListReader parts(member, ';');
  const auto name = parts.next();
  if (!name || !is_token(*name)) return std::nullopt;
  WeighedCoding coding{*name};
  if (const auto parameter = parts.next()) {
    if (!starts_with_word(*parameter, "q=")) return std::nullopt;
    const auto weight = parse_weight(parameter->substr(2));
    if (!weight || parts.next()) return std::nullopt;
    coding.weight = *weight;
  }
  return coding;
}

// What the request says of a coding by name; x-gzip is gzip (RFC 9110 §8.4.1.3).
std::optional<unsigned> weight_of(const Fields& request, std::string_view coding) {
  for (const Field& field : request) {
    if (!same_word(field.name, "Accept-Encoding")) continue;
    for (ListReader list(field.value); const auto member = list.next();) {
      const auto weighed = parse_weighed(*member);
      if (!weighed) continue;
      if (same_word(weighed->name, coding)) return weighed->weight;
      if (same_word(weighed->name, "x-gzip") && coding == "gzip") return weighed->weight;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<unsigned> parse_weight(std::string_view text) {
  constexpr std::size_t bytes_max = 5;  // "0.123"
  if (text.empty() || text.size() > bytes_max || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && (text[1] != '.' || !std::ranges::all_of(text.substr(2), is_digit)))
    return std::nullopt;
  unsigned weight = text[0] == '1' ? 1000 : 0;
  unsigned scale = 100;
  for (std::size_t i = 2; i < text.size(); ++i, scale /= 10)
    weight += static_cast<unsigned>(text[i] - '0') * scale;
  if (weight > 1000) return std::nullopt;
  return weight;
}

std::string_view choose_coding(const Fields& request, std::span<const std::string_view> offered) {
  const unsigned others = weight_of(request, "*").value_or(0);
  std::string_view best = identity;
  // Without a word on it, identity is the least that is acceptable.
  unsigned best_weight = std::max(weight_of(request, identity).value_or(0), 1U);
  for (const std::string_view coding : offered) {
    const unsigned weight = weight_of(request, coding).value_or(others);
    if (weight > best_weight || (weight == best_weight && best == identity)) {
      best = coding;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace yam::proto::http
