#include "yam/service/http_client/http_url.hpp"

#include <algorithm>
#include <array>

#include "yam/base/address/authority.hpp"
#include "yam/base/address/percent.hpp"
#include "yam/base/address/url.hpp"
#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

constexpr std::uint16_t http_port = 80, https_port = 443;
constexpr std::array<std::string_view, 2> http_schemes = {"http", "https"};

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// RFC 3986 §5.2.4, of a path that begins with '/'. "%2e" is a dot as well (§6.2.2.2), to servers at least.
std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    std::string plain(segment);
    for (std::size_t at = 0; (at = lower_case(plain).find("%2e", at)) != std::string::npos;)
      plain.replace(at, 3, ".");
    const bool is_last = end == path.size();
    if (plain == "." || plain == "..") {
      if (plain == "..") out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
      if (is_last) out += '/';
    } else {
      out.append("/").append(segment);
    }
    path.remove_prefix(end);
  }
  return out.empty() ? "/" : out;
}

bool has_scheme(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::ranges::all_of(reference.substr(0, colon), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '+' || c == '-' ||
                  c == '.';
         });
}

}  // namespace

std::string HttpOrigin::authority(bool with_default_port) const {
  const std::string name = host.substr(0, host.find('%'));
  const bool is_default = port == (tls ? https_port : http_port);
  if (is_default && !with_default_port) return authority_to_string(name, {});
  return authority_to_string(name, port);
}

std::string HttpOrigin::to_string() const {
  const bool is_default = port == (tls ? https_port : http_port);
  const std::string place = is_default ? authority_to_string(host, {}) : authority_to_string(host, port);
  return (tls ? "https://" : "http://") + place;
}

bool HttpUrl::is_http(std::string_view text) {
  const std::string scheme = lower_case(std::string(text.substr(0, text.find("://"))));
  return scheme == "http" || scheme == "https";
}

Result<HttpUrl> HttpUrl::parse(std::string_view text) {
  const auto url = Url::parse(text, http_schemes);
  if (!url) return fail(url.error());
  if (url->port == 0) return fail(Code::usage, escaped(text) + ": port 0 cannot be called");
  HttpUrl parsed;
  parsed.origin.tls = url->scheme == "https";
  parsed.origin.host = url->host.empty() ? "localhost" : lower_case(url->host);
  parsed.origin.port = url->port.value_or(parsed.origin.tls ? https_port : http_port);
  parsed.path = without_dots(url->wire_path);
  if (!url->wire_query.empty()) parsed.query = "?" + url->wire_query;
  parsed.fragment = url->wire_fragment;
  return parsed;
}

Result<HttpUrl> HttpUrl::resolve(std::string_view reference) const {
  if (has_scheme(reference)) return parse(reference);
  if (reference.starts_with("//")) return parse((origin.tls ? "https:" : "http:") + std::string(reference));
  const std::string start = origin.to_string();
  if (reference.starts_with('/')) return parse(start + std::string(reference));
  if (reference.empty() || reference.starts_with('#'))
    return parse(start + target() + std::string(reference));
  if (reference.starts_with('?')) return parse(start + path + std::string(reference));
  return parse(start + path.substr(0, path.rfind('/') + 1) + std::string(reference));
}

Result<std::string> HttpUrl::local_name() const {
  if (is_folder()) return "index.html";
  const auto name = percent_decoded(Typed(last_part(path)));
  if (!name) return fail(name.error());
  auto clean = clean_name(*name);
  if (!clean) clean.error().hint = "-o FILE names it otherwise";
  return clean;
}

Result<std::string> clean_name(std::string_view name) {
  std::string clean(name);
  for (char& c : clean)
    if (c == '/' || is_control(c)) c = '_';
  if (auto good = store::check_name(clean); !good) return fail(Code::usage, good.error().what);
  return clean;
}

}  // namespace yam::service
