#include "yam/service/http_site/http_listing.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "yam/base/text.hpp"
#include "yam/proto/http/field/date.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/service/http_site/http_page.hpp"

namespace yam::service {

namespace {

std::string listing_json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string listing_date(const store::FolderEntry& entry) {
  return proto::http::write_date(std::chrono::floor<std::chrono::seconds>(entry.mtime));
}

void append_json(std::string& out, const store::FolderEntry& entry, bool is_first) {
  const bool is_folder = entry.kind == store::EntryKind::folder;
  out += is_first ? "\n" : ",\n";
  out += fmt::format(R"({{ "name":{}, "type":"{}", "mtime":"{}")", listing_json_text(entry.name),
                     is_folder ? "directory" : "file", listing_date(entry));
  out += is_folder ? std::string(" }") : fmt::format(R"(, "size":{} }})", entry.size);
}

}  // namespace

std::string_view media_type_of(ListingForm form) {
  switch (form) {
    case ListingForm::json:
      return "application/json";
    case ListingForm::text:
      return "text/plain; charset=utf-8";
    case ListingForm::page:
      break;
  }
  return "text/html; charset=utf-8";
}

std::optional<ListingForm> choose_listing(const std::optional<std::string>& format,
                                          const proto::http::Fields& request) {
  if (format) {
    if (*format == "json") return ListingForm::json;
    if (*format == "text") return ListingForm::text;
    if (*format == "html") return ListingForm::page;
    return std::nullopt;
  }
  proto::http::ListReader accepted(request.find("Accept").value_or(""));
  if (const auto first = accepted.next(); first && first->starts_with("application/json"))
    return ListingForm::json;
  if (request.find("User-Agent").value_or("").starts_with("curl/")) return ListingForm::text;
  return ListingForm::page;
}

void sort_listing(std::span<store::FolderEntry> entries) {
  std::ranges::sort(entries, {}, [](const store::FolderEntry& entry) {
    return std::pair(entry.kind != store::EntryKind::folder, std::string_view(entry.name));
  });
}

std::string listing_begin(ListingForm form, std::string_view path, bool has_archives) {
  switch (form) {
    case ListingForm::json:
      return "[";
    case ListingForm::text:
      return "";
    case ListingForm::page:
      break;
  }
  return page_begin(path, has_archives);
}

void append_entry(std::string& out, ListingForm form, const store::FolderEntry& entry, bool is_first) {
  switch (form) {
    case ListingForm::json:
      return append_json(out, entry, is_first);
    case ListingForm::text:
      out += escaped(entry.name) + (entry.kind == store::EntryKind::folder ? "/\n" : "\n");
      return;
    case ListingForm::page:
      return append_page_row(out, entry);
  }
}

std::string listing_end(ListingForm form, bool was_cut) {
  switch (form) {
    case ListingForm::json:
      return "\n]\n";
    case ListingForm::text:
      return was_cut ? "…\n" : "";
    case ListingForm::page:
      break;
  }
  return page_end(was_cut);
}

}  // namespace yam::service
