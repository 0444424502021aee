#include "yam/service/http_server/http_query.hpp"

#include <algorithm>

#include "yam/base/address/percent.hpp"

namespace yam::service {

namespace {

std::optional<std::string> form_decoded(std::string_view text) {
  std::string blanks(text);
  std::ranges::replace(blanks, '+', ' ');
  auto decoded = percent_decoded(Typed(blanks));
  return decoded ? std::optional(std::move(*decoded)) : std::nullopt;
}

// Calls `take(value)` for each pair of that name until it says that it has enough.
template <class F>
void for_each_value(std::string_view query, std::string_view name, F take) {
  for (std::size_t begin = 0; begin < query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    const std::size_t equals = std::min(query.find('=', begin), end);
    if (query.substr(begin, equals - begin) == name) {
      const std::size_t value = std::min(equals + 1, end);
      if (take(query.substr(value, end - value))) return;
    }
    begin = end + 1;
  }
}

}  // namespace

std::optional<std::string> HttpQuery::value(std::string_view name) const {
  std::optional<std::string> first;
  for_each_value(query_, name,
                 [&](std::string_view text) { return (first = form_decoded(text)).has_value(); });
  return first;
}

std::vector<std::string> HttpQuery::values(std::string_view name) const {
  std::vector<std::string> all;
  for_each_value(query_, name, [&](std::string_view text) {
    if (auto decoded = form_decoded(text)) all.push_back(std::move(*decoded));
    return false;
  });
  return all;
}

}  // namespace yam::service
