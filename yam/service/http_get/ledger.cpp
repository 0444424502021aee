#include "yam/service/http_get/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "yam/proto/http/field/etag.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::service {

namespace {

constexpr std::string_view ledger_title = "yam download 1";

std::optional<Span> parse_span(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto first = proto::http::parse_digits(text.substr(0, blank));
  const auto end = proto::http::parse_digits(text.substr(blank + 1));
  if (!first || !end || *first >= *end) return std::nullopt;
  return Span{*first, *end};
}

bool take_line(Ledger& ledger, std::string_view name, std::string_view value) {
  if (name == "url" && ledger.url.empty()) {
    ledger.url = value;
  } else if (name == "tag" && ledger.tag.empty()) {
    const auto tag = proto::http::parse_entity_tag(value);
    if (!tag || tag->weak) return false;
    ledger.tag = value;
  } else if (name == "size") {
    const auto size = proto::http::parse_digits(value);
    if (!size) return false;
    ledger.size_bytes = *size;
  } else if (name == "modified") {
    const auto seconds = proto::http::parse_digits(value);
    if (!seconds) return false;
    ledger.modified = static_cast<std::int64_t>(*seconds);
  } else if (name == "boot") {
    ledger.boot = value;
  } else if (name == "order" && (value == "front" || value == "any")) {
    ledger.is_in_order = value == "front";
  } else if (name == "check") {
    ledger.check = value;
  } else if (name == "there" || name == "verified" || name == "synced") {
    const auto span = parse_span(value);
    if (!span) return false;
    (name == "there" ? ledger.there : name == "verified" ? ledger.verified : ledger.synced).add(*span);
  } else {
    return false;
  }
  return true;
}

void add_spans(std::string& text, std::string_view name, const SpanSet& spans) {
  for (const Span& span : spans.spans())
    fmt::format_to(std::back_inserter(text), "{} {} {}\n", name, span.first, span.end);
}

}  // namespace

void Ledger::forget(Span span) {
  for (SpanSet* spans : {&there, &verified, &synced})
    spans->remove(span);
}

void Ledger::outlive_crash() {
  there.keep(synced);
  verified.keep(synced);
  is_in_order = false;
  check.clear();
}

std::string Ledger::to_text() const {
  std::string text =
      fmt::format("{}\nurl {}\ntag {}\nsize {}\nmodified {}\nboot {}\norder {}\n", ledger_title, url, tag,
                  size_bytes, modified, boot, is_in_order ? "front" : "any");
  add_spans(text, "there", there);
  add_spans(text, "verified", verified);
  add_spans(text, "synced", synced);
  if (!check.empty()) text += "check " + check + "\n";
  return text + "end\n";
}

Result<Ledger> Ledger::parse(std::string_view text) {
  Ledger ledger;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view value = line.substr(std::min(blank + 1, line.size()));
    if (line == "end" && text.empty() && !ledger.url.empty() && !ledger.tag.empty()) {
      if (!ledger.there.empty() && ledger.there.spans().back().end > ledger.size_bytes) break;
      ledger.verified.keep(ledger.there);
      ledger.synced.keep(ledger.there);
      return ledger;
    }
    if (is_first ? line != ledger_title : !take_line(ledger, line.substr(0, blank), value)) break;
    is_first = false;
  }
  return fail(Code::protocol, "what lies beside the .part is no ledger of yam's");
}

}  // namespace yam::service
