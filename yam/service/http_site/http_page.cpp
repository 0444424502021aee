#include "yam/service/http_site/http_page.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/proto/http/field/date.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_site/http_web.hpp"

namespace yam::service {

namespace {

constexpr std::string_view unreadable = "\xEF\xBF\xBD";

// As base's escaped() has them: they would let "exe.txt" pass for "txt.exe".
bool hides_or_reorders(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029 ||
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

// From a folder that lies so deep back to the start: relative, for the start need not be the server's root.
std::string way_up(std::size_t depth) {
  std::string way = "./";
  for (std::size_t i = 0; i < depth; ++i)
    way += "../";
  return way;
}

std::size_t depth_of(std::string_view path) {
  return path.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(path, '/'));
}

// The way up, each part a link.
std::string crumbs(std::string_view path) {
  std::size_t depth = depth_of(path);
  std::string links = fmt::format(R"(<a href="{}">/</a>)", way_up(depth));
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    links += fmt::format(R"(<a href="{}"><bdi>{}</bdi>/</a>)", way_up(--depth),
                         html_escaped(path.substr(begin, end - begin)));
    begin = end + 1;
  }
  return links;
}

}  // namespace

std::string page_begin(std::string_view path, bool has_archives) {
  std::string page = fmt::format(
      R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{0}</title>
<link rel="icon" href="{3}.yam/{2}/icon.svg">
<link rel="stylesheet" href="{3}.yam/{2}/page.css">
<link rel="stylesheet" href="{3}.yam/{2}/parts.css">
<link rel="stylesheet" href="{3}.yam/{2}/dialogs.css">
<link rel="stylesheet" href="{3}.yam/{2}/views.css">
<link rel="stylesheet" href="{3}.yam/{2}/uploads.css">
<script type="module" src="{3}.yam/{2}/page.js"></script>
</head>
<body>
<header id="top"><h1 id="path">{1}</h1></header>
<main>
<table id="entries"{4}>
<thead><tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Changed</th></tr></thead>
<tbody>
)",
      html_escaped("/" + std::string(path)), crumbs(path), web_version(), way_up(depth_of(path)),
      has_archives ? "" : R"( data-archives="no")");
  if (!path.empty())
    page += R"(<tr data-kind="up"><td><a href="../">../</a></td><td></td><td></td></tr>)"
            "\n";
  return page;
}

void append_page_row(std::string& out, const store::FolderEntry& entry) {
  const bool is_folder = entry.kind == store::EntryKind::folder;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(entry.mtime);
  // "./" keeps a colon in a name from being a scheme.
  out += fmt::format(
      R"(<tr data-kind="{}" data-size="{}" data-time="{}"><td><a href=".{}"><bdi>{}</bdi>{}</a></td>)"
      "<td>{}</td><td>{}</td></tr>\n",
      is_folder ? "folder" : "file", is_folder ? 0 : entry.size, seconds.time_since_epoch().count(),
      write_http_path(entry.name, is_folder), html_escaped(entry.name), is_folder ? "/" : "",
      is_folder ? std::string() : print_bytes(entry.size), proto::http::write_date(seconds));
}

std::string page_end(bool was_cut) {
  return std::string("</tbody>\n</table>\n") +
         (was_cut ? "<p id=\"cut\">There is more than is shown.</p>\n" : "") + "</main>\n</body>\n</html>\n";
}

std::string html_escaped(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded letter = decode_utf8(text.substr(at));
    const std::string_view whole = text.substr(at, letter.length);
    at += letter.length;
    if (letter.kind != Utf8::valid || hides_or_reorders(letter.point)) {
      safe += unreadable;
      continue;
    }
    switch (whole.front()) {
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
        safe += whole;
    }
  }
  return safe;
}

}  // namespace yam::service
