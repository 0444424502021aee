#include "yam/service/http_client/cookie_jar.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/address/ip.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::service {

namespace http = proto::http;

namespace {

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    c = http::lower_letter(c);
  return lower;
}

// §5.1.3
bool domain_holds(std::string_view domain, std::string_view host) {
  if (domain == host) return true;
  return host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.' && !IpAddress::parse(host);
}

// §5.1.4
bool path_holds(std::string_view cookie, std::string_view path) {
  if (!path.starts_with(cookie)) return false;
  return path.size() == cookie.size() || cookie.ends_with('/') || path[cookie.size()] == '/';
}

std::pair<std::string_view, std::string_view> cut_at_equals(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {http::trimmed(text), {}};
  return {http::trimmed(text.substr(0, equals)), http::trimmed(text.substr(equals + 1))};
}

}  // namespace

void CookieJar::handle_set_cookie(const HttpUrl& url, std::string_view value, http::Date now) {
  if (value.size() > cookie_bytes_max) return;
  Cookie cookie;
  std::size_t end = std::min(value.find(';'), value.size());
  if (value.substr(0, end).find('=') == std::string_view::npos) return;
  std::tie(cookie.name, cookie.value) = cut_at_equals(value.substr(0, end));
  cookie.domain = url.origin.host;
  cookie.path = url.path.substr(0, std::max<std::size_t>(url.path.rfind('/'), 1));
  bool has_age = false;
  while (end < value.size()) {
    value.remove_prefix(end + 1);
    end = std::min(value.find(';'), value.size());
    const auto [name, text] = cut_at_equals(value.substr(0, end));
    if (http::same_word(name, "secure")) cookie.is_secure = true;
    if (http::same_word(name, "path") && text.starts_with('/')) cookie.path = text;
    if (http::same_word(name, "domain") && !text.empty()) {
      cookie.domain = in_lower_case(text.starts_with('.') ? text.substr(1) : text);
      cookie.is_host_only = false;
    }
    if (http::same_word(name, "expires") && !has_age) cookie.expires = http::parse_date(text, now);
    if (http::same_word(name, "max-age") && !text.empty()) {
      const auto seconds = http::parse_digits(text);
      if (!seconds && text[0] != '-') continue;
      has_age = true;
      constexpr std::uint64_t age_max = 400 * 86400;  // days that browsers allow
      const auto age = std::chrono::seconds(std::min(seconds.value_or(0), age_max));
      cookie.expires = seconds ? now + age : http::Date::min();
    }
  }
  if (cookie.domain == url.origin.host) {
    put(std::move(cookie), now);
  } else if (cookie.domain.find('.') != std::string::npos && domain_holds(cookie.domain, url.origin.host)) {
    put(std::move(cookie), now);
  }
}

void CookieJar::put(Cookie cookie, http::Date now) {
  std::erase_if(cookies_, [&](const Cookie& old) {
    return old.name == cookie.name && old.domain == cookie.domain && old.path == cookie.path;
  });
  if (cookie.expires && *cookie.expires <= now) return;
  if (cookies_.size() == cookies_max) cookies_.erase(cookies_.begin());
  cookies_.push_back(std::move(cookie));
}

std::string CookieJar::cookies_for(const HttpUrl& url, http::Date now) const {
  std::vector<const Cookie*> fit;
  for (const Cookie& cookie : cookies_) {
    const bool is_there =
        cookie.is_host_only ? cookie.domain == url.origin.host : domain_holds(cookie.domain, url.origin.host);
    if (is_there && path_holds(cookie.path, url.path) && (!cookie.is_secure || url.origin.tls) &&
        (!cookie.expires || *cookie.expires > now))
      fit.push_back(&cookie);
  }
  std::ranges::stable_sort(fit, std::greater(), [](const Cookie* cookie) { return cookie->path.size(); });
  std::string line;
  for (const Cookie* cookie : fit)
    line += (line.empty() ? "" : "; ") + cookie->name + "=" + cookie->value;
  return line;
}

}  // namespace yam::service
