// Any text as the value of each field that we read: ranges lie inside the file and cost no more than it, and
// what we write of what was read is read back as the same.
//
// The first byte is the size of the file.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/text.hpp"
#include "yam/proto/http/connection.hpp"
#include "yam/proto/http/field/accept_encoding.hpp"
#include "yam/proto/http/field/condition.hpp"
#include "yam/proto/http/field/disposition.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/field/media_type.hpp"
#include "yam/proto/http/field/range.hpp"
#include "yam/proto/http/target.hpp"

namespace {

using namespace yam;
using namespace yam::proto::http;

constexpr Date now{std::chrono::days(20'000)};

void require(bool holds) {
  if (!holds) std::abort();
}

void check_ranges(std::string_view text, std::uint64_t size_bytes) {
  const RangeSet set = parse_range(text, size_bytes);
  require(set.ranges.empty() == (set.answer != RangeAnswer::partial));
  std::uint64_t bytes = 0;
  for (const ByteRange& range : set.ranges) {
    require(range.bytes > 0 && range.end() <= size_bytes);
    bytes += range.bytes;
    const auto back = parse_content_range(write_content_range(range, size_bytes));
    require(back == ContentRange{range, size_bytes});
  }
  require(bytes <= size_bytes && set.ranges.size() <= ranges_max);
  if (const auto content = parse_content_range(text); content && content->range && content->size_bytes)
    require(content->range->end() <= *content->size_bytes);
}

void check_words(std::string_view text) {
  if (const auto date = parse_date(text, now)) require(parse_date(write_date(*date), now) == date);
  for (EntityTagReader tags(text); const auto tag = tags.next();)
    require(parse_entity_tag(tag->to_string()) == *tag);
  for (ListReader list(text); const auto member = list.next();)
    require(!member->empty());
  const auto inside = unquote(quote(text));
  require(inside && inside->size() <= text.size());
  if (const auto media = parse_media_type(text)) static_cast<void>(media->parameter("charset"));
  if (const auto target = parse_target("GET", text))
    require(!target->path.empty() && target->path.front() == '/');
  if (const auto host = parse_host(text)) require(text.starts_with(host->name));
}

void check_names(std::string_view text) {
  static_cast<void>(parse_disposition(text));
  const std::string written = write_disposition("attachment", text);
  require(written.find_first_of("\r\n") == std::string::npos);
  const auto back = parse_disposition(written);
  require(back && back->filename);
  if (is_utf8(text)) require(*back->filename == text);
}

void check_requests(std::string_view text) {
  const Validators current{.tag = EntityTag{false, "a"}, .modified = now - std::chrono::hours(1)};
  for (const std::string_view name :
       {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"}) {
    const Fields request{{name, text}, {"Range", "bytes=0-1"}};
    require(judge("PUT", request, current, now) != Verdict::not_modified);
  }
  const std::string_view offered[] = {"zstd", "gzip"};
  const std::string_view coding = choose_coding({{"Accept-Encoding", text}}, offered);
  require(coding == "zstd" || coding == "gzip" || coding == "identity");
  static_cast<void>(wants_open(1, {{"Connection", text}}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = text_of(std::as_bytes(std::span(data, size)).subspan(1));
  check_ranges(text, data[0]);
  check_words(text);
  check_names(text);
  check_requests(text);
  return 0;
}
