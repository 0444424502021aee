#include "yam/proto/http/field/range.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

// An offset in a request may be beyond every file, and is right all the same.
std::optional<std::uint64_t> parse_offset(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  return parse_digits(text).value_or(std::numeric_limits<std::uint64_t>::max());
}

struct RangeSpec {
  std::optional<std::uint64_t> first, last;  // without a first, `last` counts from the end
};

std::optional<RangeSpec> parse_spec(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const RangeSpec spec{parse_offset(text.substr(0, dash)), parse_offset(text.substr(dash + 1))};
  if ((!spec.first && dash > 0) || (!spec.last && dash + 1 < text.size())) return std::nullopt;
  if (!spec.first && !spec.last) return std::nullopt;
  if (spec.first && spec.last && *spec.first > *spec.last) return std::nullopt;
  return spec;
}

std::optional<ByteRange> resolve(const RangeSpec& spec, std::uint64_t size_bytes) {
  if (size_bytes == 0) return std::nullopt;
  if (!spec.first) {
    const std::uint64_t bytes = std::min(spec.last.value_or(0), size_bytes);
    if (bytes == 0) return std::nullopt;
    return ByteRange{size_bytes - bytes, bytes};
  }
  if (*spec.first >= size_bytes) return std::nullopt;
  const std::uint64_t last = std::min(spec.last.value_or(size_bytes - 1), size_bytes - 1);
  return ByteRange{*spec.first, last - *spec.first + 1};
}

// Joined with the one before where that goes on; what is then still read twice costs more than it is worth.
void add_range(std::vector<ByteRange>& ranges, const ByteRange& range) {
  if (!ranges.empty() && range.first >= ranges.back().first && range.first <= ranges.back().end()) {
    ByteRange& before = ranges.back();
    before.bytes = std::max(before.end(), range.end()) - before.first;
  } else {
    ranges.push_back(range);
  }
}

bool overlap(std::vector<ByteRange> ranges) {
  std::ranges::sort(ranges, {}, &ByteRange::first);
  const auto runs_into = [](const ByteRange& left, const ByteRange& right) {
    return left.end() > right.first;
  };
  return std::ranges::adjacent_find(ranges, runs_into) != ranges.end();
}

}  // namespace

RangeSet parse_range(std::string_view value, std::uint64_t size_bytes) {
  constexpr std::string_view unit = "bytes=";
  if (!starts_with_word(value, unit)) return {};
  RangeSet set;
  std::size_t specs = 0;
  for (ListReader list(value.substr(unit.size())); const auto text = list.next();) {
    const auto spec = parse_spec(*text);
    if (!spec || ++specs > ranges_max) return {};
    if (const auto range = resolve(*spec, size_bytes)) add_range(set.ranges, *range);
  }
  if (specs == 0 || overlap(set.ranges)) return {};
  set.answer = set.ranges.empty() ? RangeAnswer::unsatisfiable : RangeAnswer::partial;
  return set;
}

std::string write_content_range(const ByteRange& range, std::uint64_t size_bytes) {
  return fmt::format("bytes {}-{}/{}", range.first, range.end() - 1, size_bytes);
}

std::string write_content_range(std::uint64_t size_bytes) {
  return fmt::format("bytes */{}", size_bytes);
}

std::optional<ContentRange> parse_content_range(std::string_view value) {
  constexpr std::string_view unit = "bytes ";
  const std::size_t slash = value.find('/');
  if (!starts_with_word(value, unit) || slash == std::string_view::npos || slash < unit.size())
    return std::nullopt;
  const std::string_view range = value.substr(unit.size(), slash - unit.size());
  const std::string_view size = value.substr(slash + 1);
  ContentRange content;
  if (size != "*" && !(content.size_bytes = parse_digits(size))) return std::nullopt;
  if (range == "*") return content.size_bytes ? std::optional(content) : std::nullopt;
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_digits(range.substr(0, dash)), last = parse_digits(range.substr(dash + 1));
  if (!first || !last || *first > *last || (content.size_bytes && *last >= *content.size_bytes))
    return std::nullopt;
  content.range = ByteRange{*first, *last - *first + 1};
  return content;
}

}  // namespace yam::proto::http
