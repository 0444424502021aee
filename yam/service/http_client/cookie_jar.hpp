#pragma once
// The cookies of one run (RFC 6265): taken from answers, sent back to where they belong, written nowhere.
// There is no list of public suffixes behind it; a domain needs a dot, and must be the host's own or above
// it.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/proto/http/field/date.hpp"
#include "yam/service/http_client/http_url.hpp"

namespace yam::service {

class CookieJar {
 public:
  static constexpr std::size_t cookies_max = 256;        // the oldest give way
  static constexpr std::size_t cookie_bytes_max = 4096;  // larger ones are left out (§6.1)

  // A Set-Cookie field that came from `url`; what is malformed or not its to set is left out (§5.3).
  void handle_set_cookie(const HttpUrl& url, std::string_view value, proto::http::Date now);

  // The Cookie field for `url`, longest paths first (§5.4); empty: none.
  std::string cookies_for(const HttpUrl& url, proto::http::Date now) const;

 private:
  struct Cookie {
    std::string name, value, domain, path;
    bool is_host_only = true;
    bool is_secure = false;
    std::optional<proto::http::Date> expires;
  };
  void put(Cookie cookie, proto::http::Date now);

  std::vector<Cookie> cookies_;  // the oldest first
};

}  // namespace yam::service
