#pragma once
// Which proxy leads to an origin, as the environment says: http_proxy, https_proxy, all_proxy and no_proxy,
// the names that curl and wget read. It asks no variable by itself, and knows no PAC files.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/service/http_client/http_url.hpp"

namespace yam::service {

struct HttpProxy {
  HttpOrigin origin;
  std::string authorization;  // of Proxy-Authorization; empty: none

  bool operator==(const HttpProxy&) const = default;
};

class HttpProxies {
 public:
  HttpProxies() = default;  // none
  // `variable` gives the value of one, absent where it is not set. http_proxy counts in lower case alone: in
  // a CGI program HTTP_PROXY is the Proxy field of a request. Code::usage for a proxy that is no http:// or
  // https:// URL.
  static Result<HttpProxies> from(
      const std::function<std::optional<std::string>(const std::string& name)>& variable);

  // Absent: it is called directly.
  std::optional<HttpProxy> find(const HttpOrigin& origin) const;

 private:
  bool is_excepted(const HttpOrigin& origin) const;

  std::optional<HttpProxy> http_, https_;
  std::vector<std::string> exceptions_;  // "*", "example.org", ".example.org", "10.0.0.0/8", "a:8080"
};

}  // namespace yam::service
