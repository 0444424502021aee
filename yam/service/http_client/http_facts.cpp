#include "yam/service/http_client/http_facts.hpp"

#include <algorithm>

#include "yam/proto/http/field/date.hpp"
#include "yam/proto/http/field/etag.hpp"
#include "yam/proto/http/syntax.hpp"
#include "yam/service/http_client/retry.hpp"

namespace yam::service {

namespace http = proto::http;

namespace {

http::Date today() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::string strong_tag(const HttpHead& head) {
  const auto value = head.fields().only("ETag");
  const auto tag = value ? http::parse_entity_tag(*value) : std::nullopt;
  return tag && !tag->weak ? tag->to_string() : "";
}

std::string coding_of(const HttpHead& head) {
  std::string codings;
  for (const http::Field& field : head.fields()) {
    if (!http::same_word(field.name, "Content-Encoding") || http::same_word(field.value, "identity"))
      continue;
    if (!codings.empty()) codings += ", ";
    codings += field.value;
  }
  return codings;
}

bool is_compressed_by_name(std::string_view path, std::string_view coding) {
  const auto ends = [&](std::string_view suffix) { return path.ends_with(suffix); };
  if (http::same_word(coding, "br")) return ends(".br");
  if (http::same_word(coding, "zstd")) return ends(".zst") || ends(".tzst");
  return ends(".gz") || ends(".tgz") || ends(".svgz");
}

std::int64_t modified_of(const HttpHead& head) {
  const auto value = head.fields().only("Last-Modified");
  const auto modified = value ? http::parse_date(*value, today()) : std::nullopt;
  return modified ? std::max<std::int64_t>(modified->time_since_epoch().count(), 0) : 0;
}

std::optional<Duration> retry_after_of(const HttpHead& head) {
  const auto value = head.fields().only("Retry-After");
  return value ? parse_retry_after(*value, today()) : std::nullopt;
}

std::optional<GivenRange> range_of(const HttpHead& head) {
  const auto value = head.fields().only("Content-Range");
  const auto range = value ? http::parse_content_range(*value) : std::nullopt;
  if (head.status() != 206 || !range || !range->range || !range->size_bytes) return std::nullopt;
  return GivenRange{*range->range, *range->size_bytes};
}

}  // namespace yam::service
