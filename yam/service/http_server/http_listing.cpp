#include "yam/service/http_server/http_listing.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/proto/http/field/date.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/service/http_server/http_path.hpp"

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

void append_row(std::string& out, const store::FolderEntry& entry) {
  const bool is_folder = entry.kind == store::EntryKind::folder;
  const std::string name = entry.name + (is_folder ? "/" : "");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(entry.mtime);
  // "./" keeps a colon in a name from being a scheme.
  out += fmt::format(R"(<tr data-kind="{}" data-size="{}" data-time="{}"><td><a href=".{}">{}</a></td>)"
                     "<td>{}</td><td>{}</td></tr>\n",
                     is_folder ? "folder" : "file", entry.size, seconds.time_since_epoch().count(),
                     write_http_path(entry.name, is_folder), html_escaped(name),
                     is_folder ? std::string() : print_bytes(entry.size), listing_date(entry));
}

// The way up, each part a link.
std::string crumbs(std::string_view path) {
  std::string links = R"(<a href="/">/</a>)";
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    links += fmt::format(R"(<a href="{}">{}/</a>)", write_http_path(path.substr(0, end), true),
                         html_escaped(path.substr(begin, end - begin)));
    begin = end + 1;
  }
  return links;
}

std::string page_begin(std::string_view path) {
  const std::string title = html_escaped("/" + std::string(path));
  std::string page = fmt::format(
      R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<h1>{}</h1>
<table id="entries">
<thead><tr><th>Name</th><th>Size</th><th>Changed</th></tr></thead>
<tbody>
)",
      title, crumbs(path));
  if (!path.empty())
    page += R"(<tr data-kind="up"><td><a href="../">../</a></td><td></td><td></td></tr>)"
            "\n";
  return page;
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

std::string listing_begin(ListingForm form, std::string_view path) {
  switch (form) {
    case ListingForm::json:
      return "[";
    case ListingForm::text:
      return "";
    case ListingForm::page:
      break;
  }
  return page_begin(path);
}

void append_entry(std::string& out, ListingForm form, const store::FolderEntry& entry, bool is_first) {
  switch (form) {
    case ListingForm::json:
      return append_json(out, entry, is_first);
    case ListingForm::text:
      out += escaped(entry.name) + (entry.kind == store::EntryKind::folder ? "/\n" : "\n");
      return;
    case ListingForm::page:
      return append_row(out, entry);
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
  return std::string("</tbody>\n</table>\n") + (was_cut ? "<p>There is more than is shown.</p>\n" : "") +
         "</html>\n";
}

std::string html_escaped(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded letter = decode_utf8(text.substr(at));
    const char first = text[at];
    if (letter.kind != Utf8::valid || is_control(first)) {
      safe += "\xEF\xBF\xBD";
      at += letter.length;
      continue;
    }
    switch (first) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += text.substr(at, letter.length);
    }
    at += letter.length;
  }
  return safe;
}

}  // namespace yam::service
