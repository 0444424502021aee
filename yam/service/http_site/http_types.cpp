#include "yam/service/http_site/http_types.hpp"

#include <algorithm>
#include <array>

namespace yam::service {

namespace {

struct Row {
  std::string_view extension;
  std::string_view type;
};

// In order, to be found by halves. Names as IANA has them where it does.
constexpr std::array type_rows{
    Row{"7z", "application/x-7z-compressed"},
    Row{"aac", "audio/aac"},
    Row{"apk", "application/vnd.android.package-archive"},
    Row{"apng", "image/apng"},
    Row{"avi", "video/x-msvideo"},
    Row{"avif", "image/avif"},
    Row{"bmp", "image/bmp"},
    Row{"bz2", "application/x-bzip2"},
    Row{"c", "text/plain; charset=utf-8"},
    Row{"cc", "text/plain; charset=utf-8"},
    Row{"conf", "text/plain; charset=utf-8"},
    Row{"cpp", "text/plain; charset=utf-8"},
    Row{"css", "text/css; charset=utf-8"},
    Row{"csv", "text/csv; charset=utf-8"},
    Row{"deb", "application/vnd.debian.binary-package"},
    Row{"doc", "application/msword"},
    Row{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Row{"efi", "application/octet-stream"},
    Row{"epub", "application/epub+zip"},
    Row{"flac", "audio/flac"},
    Row{"gif", "image/gif"},
    Row{"go", "text/plain; charset=utf-8"},
    Row{"gz", "application/gzip"},
    Row{"h", "text/plain; charset=utf-8"},
    Row{"heic", "image/heic"},
    Row{"hpp", "text/plain; charset=utf-8"},
    Row{"htm", "text/html"},
    Row{"html", "text/html"},
    Row{"ico", "image/vnd.microsoft.icon"},
    Row{"ics", "text/calendar; charset=utf-8"},
    Row{"ini", "text/plain; charset=utf-8"},
    Row{"iso", "application/vnd.efi.iso"},
    Row{"jpeg", "image/jpeg"},
    Row{"jpg", "image/jpeg"},
    Row{"js", "text/javascript; charset=utf-8"},
    Row{"json", "application/json"},
    Row{"jsonl", "application/jsonl"},
    Row{"jxl", "image/jxl"},
    Row{"log", "text/plain; charset=utf-8"},
    Row{"m3u8", "application/vnd.apple.mpegurl"},
    Row{"m4a", "audio/mp4"},
    Row{"m4v", "video/mp4"},
    Row{"md", "text/markdown; charset=utf-8"},
    Row{"meta4", "application/metalink4+xml"},
    Row{"mid", "audio/midi"},
    Row{"mjs", "text/javascript; charset=utf-8"},
    Row{"mkv", "video/matroska"},
    Row{"mov", "video/quicktime"},
    Row{"mp3", "audio/mpeg"},
    Row{"mp4", "video/mp4"},
    Row{"mpeg", "video/mpeg"},
    Row{"mpg", "video/mpeg"},
    Row{"odp", "application/vnd.oasis.opendocument.presentation"},
    Row{"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    Row{"odt", "application/vnd.oasis.opendocument.text"},
    Row{"oga", "audio/ogg"},
    Row{"ogg", "audio/ogg"},
    Row{"ogv", "video/ogg"},
    Row{"opus", "audio/ogg"},
    Row{"otf", "font/otf"},
    Row{"pdf", "application/pdf"},
    Row{"pem", "application/x-pem-file"},
    Row{"png", "image/png"},
    Row{"ppt", "application/vnd.ms-powerpoint"},
    Row{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    Row{"ps", "application/postscript"},
    Row{"py", "text/plain; charset=utf-8"},
    Row{"rar", "application/vnd.rar"},
    Row{"rpm", "application/x-rpm"},
    Row{"rs", "text/plain; charset=utf-8"},
    Row{"rst", "text/plain; charset=utf-8"},
    Row{"rtf", "application/rtf"},
    Row{"sh", "text/plain; charset=utf-8"},
    Row{"srt", "application/x-subrip"},
    Row{"svg", "image/svg+xml"},
    Row{"tar", "application/x-tar"},
    Row{"tex", "text/plain; charset=utf-8"},
    Row{"tif", "image/tiff"},
    Row{"tiff", "image/tiff"},
    Row{"toml", "application/toml"},
    Row{"ts", "video/mp2t"},
    Row{"ttf", "font/ttf"},
    Row{"txt", "text/plain; charset=utf-8"},
    Row{"vtt", "text/vtt; charset=utf-8"},
    Row{"wasm", "application/wasm"},
    Row{"wav", "audio/vnd.wave"},
    Row{"weba", "audio/webm"},
    Row{"webm", "video/webm"},
    Row{"webmanifest", "application/manifest+json"},
    Row{"webp", "image/webp"},
    Row{"woff", "font/woff"},
    Row{"woff2", "font/woff2"},
    Row{"xhtml", "application/xhtml+xml"},
    Row{"xls", "application/vnd.ms-excel"},
    Row{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Row{"xml", "application/xml"},
    Row{"xz", "application/x-xz"},
    Row{"yaml", "application/yaml"},
    Row{"yml", "application/yaml"},
    Row{"zip", "application/zip"},
    Row{"zst", "application/zstd"},
};
static_assert(std::ranges::is_sorted(type_rows, {}, &Row::extension));

constexpr std::size_t extension_letters_max = 11;

}  // namespace

std::string_view media_type_of(std::string_view name) {
  constexpr std::string_view unknown = "application/octet-stream";
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || name.size() - dot - 1 > extension_letters_max) return unknown;
  std::array<char, extension_letters_max> lower;
  const auto end = std::ranges::transform(name.substr(dot + 1), lower.begin(), [](char letter) {
                     return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
                   }).out;
  const std::string_view extension(lower.begin(), end);
  const auto row = std::ranges::lower_bound(type_rows, extension, {}, &Row::extension);
  return row != type_rows.end() && row->extension == extension ? row->type : unknown;
}

bool is_compressible(std::string_view media_type) {
  constexpr std::array<std::string_view, 11> endings{"json", "jsonl", "xml",  "toml", "yaml",       "/wasm",
                                                     "/ttf", "/otf",  "/bmp", "/rtf", "/postscript"};
  return media_type.starts_with("text/") ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return media_type.ends_with(ending); });
}

}  // namespace yam::service
