#include "yam/service/http_server/http_settings.hpp"

#include <array>

#include "yam/base/address/url.hpp"
#include "yam/base/quantity.hpp"

namespace yam::service {

namespace {

constexpr std::array<std::string_view, 4> http_names{"write", "token-file", "quota", "quota-files"};
constexpr std::uint64_t quota_files_max = 1'000'000'000;
constexpr std::array<std::string_view, 2> https_names{"cert", "key"};

// ?quota=10GiB&quota-files=1000, either or both.
Result<std::optional<QuotaLimit>> read_quota_limit(const Url& url) {
  const auto bytes_text = url.option("quota"), files_text = url.option("quota-files");
  if (!bytes_text && !files_text) return std::nullopt;
  QuotaLimit limit;
  if (bytes_text) {
    const auto bytes = parse_bytes(*bytes_text);
    if (!bytes) return fail(bytes.error());
    limit.bytes = *bytes;
  }
  if (files_text) {
    const auto files = parse_count(*files_text, quota_files_max);
    if (!files) return fail(files.error());
    limit.files = *files;
  }
  return limit;
}

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
  const auto quota = read_quota_limit(url);
  if (!quota) return fail(quota.error());
  settings.quota = *quota;
  settings.token_file = url.option("token-file").value_or("");
  settings.certificate = url.option("cert").value_or("");
  settings.key = url.option("key").value_or("");
  if (!settings.key.empty() && settings.certificate.empty())
    return fail(Code::usage, "a key without a certificate", "write ?cert=FILE&key=FILE");
  return settings;
}

}  // namespace yam::service
