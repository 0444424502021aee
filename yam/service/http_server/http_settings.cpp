#include "yam/service/http_server/http_settings.hpp"

#include <array>

#include "yam/base/address/url.hpp"

namespace yam::service {

namespace {

constexpr std::array<std::string_view, 2> http_names{"write", "token-file"};
constexpr std::array<std::string_view, 2> https_names{"cert", "key"};

}  // namespace

std::span<const std::string_view> http_option_names() {
  return http_names;
}

std::span<const std::string_view> https_option_names() {
  return https_names;
}

Result<HttpSettings> read_http_options(const Url& url) {
  HttpSettings settings;
  if (const auto write = url.option("write")) {
    const auto policy = parse_write_policy(*write);
    if (!policy) return fail(policy.error());
    settings.write = *policy;
  }
  settings.token_file = url.option("token-file").value_or("");
  settings.certificate = url.option("cert").value_or("");
  settings.key = url.option("key").value_or("");
  if (!settings.key.empty() && settings.certificate.empty())
    return fail(Code::usage, "a key without a certificate", "write ?cert=FILE&key=FILE");
  return settings;
}

}  // namespace yam::service
