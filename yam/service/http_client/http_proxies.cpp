#include "yam/service/http_client/http_proxies.hpp"

#include <algorithm>

#include "yam/base/address/cidr.hpp"
#include "yam/base/address/percent.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"
#include "yam/service/http_client/basic_credentials.hpp"

namespace yam::service {

namespace {

// "[http://][name:password@]host[:port][/]". What is wrong with it is said without the text: it may hold a
// password.
Result<HttpProxy> parse_proxy(const std::string& variable, std::string text) {
  const std::string what = "the proxy in " + variable;
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  HttpProxy proxy;
  const std::size_t start = text.find("://") + 3;
  const std::size_t at = text.substr(0, text.find('/', start)).rfind('@');
  if (at != std::string::npos && at >= start) {
    const std::string user = text.substr(start, at - start);
    const std::size_t colon = std::min(user.find(':'), user.size());
    const auto name = percent_decoded(Typed(std::string_view(user).substr(0, colon)));
    const auto password =
        percent_decoded(Typed(std::string_view(user).substr(std::min(colon + 1, user.size()))));
    if (!name || !password) return fail(Code::usage, what + " has a broken percent-escape");
    proxy.authorization = BasicCredentials{*name, *password}.authorization();
    text.erase(start, at + 1 - start);
  }
  const auto url = HttpUrl::parse(text);
  if (!url) return fail(Code::usage, what + " cannot be used: " + url.error().what);
  proxy.origin = url->origin;
  return proxy;
}

}  // namespace

Result<HttpProxies> HttpProxies::from(
    const std::function<std::optional<std::string>(const std::string& name)>& variable) {
  HttpProxies proxies;
  const auto set = [&](std::optional<HttpProxy>& into,
                       std::initializer_list<const char*> names) -> Result<void> {
    for (const char* name : names) {
      const auto value = variable(name);
      if (!value) continue;
      if (value->empty()) return {};  // this one says: none
      auto proxy = parse_proxy(name, *value);
      if (!proxy) return fail(proxy.error());
      into = std::move(*proxy);
      return {};
    }
    return {};
  };
  if (auto done = set(proxies.http_, {"http_proxy", "all_proxy", "ALL_PROXY"}); !done)
    return fail(done.error());
  if (auto done = set(proxies.https_, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}); !done)
    return fail(done.error());
  auto exceptions = variable("no_proxy");
  if (!exceptions) exceptions = variable("NO_PROXY");
  proto::http::ListReader list(exceptions ? std::string_view(*exceptions) : std::string_view());
  while (const auto one = list.next())
    proxies.exceptions_.emplace_back(*one);
  return proxies;
}

std::optional<HttpProxy> HttpProxies::find(const HttpOrigin& origin) const {
  const auto& proxy = origin.tls ? https_ : http_;
  return proxy && !is_excepted(origin) ? proxy : std::nullopt;
}

bool HttpProxies::is_excepted(const HttpOrigin& origin) const {
  const auto address = IpAddress::parse(origin.host);
  for (std::string_view one : exceptions_) {
    if (one == "*") return true;
    if (address) {
      const auto network = Cidr::parse(one);
      if (network && network->contains(*address)) return true;
    }
    const std::size_t colon = one.rfind(':');
    if (colon != std::string_view::npos && one.find(':') == colon) {
      if (one.substr(colon + 1) != std::to_string(origin.port)) continue;
      one = one.substr(0, colon);
    }
    while (one.starts_with('.') || one.starts_with('*'))
      one.remove_prefix(1);
    if (one.empty() || one.size() > origin.host.size()) continue;
    const std::size_t at = origin.host.size() - one.size();
    if (!proto::http::same_word(std::string_view(origin.host).substr(at), one)) continue;
    if (at == 0 || (!address && origin.host[at - 1] == '.')) return true;
  }
  return false;
}

}  // namespace yam::service
