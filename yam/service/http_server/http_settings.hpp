#pragma once
// What the URL of an HTTP service says beyond where and over which folder.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/service/server/folder_quota.hpp"
#include "yam/service/write_policy.hpp"

namespace yam {
struct Url;
}

namespace yam::service {

struct HttpSettings {
  WritePolicy write = WritePolicy::off;
  std::optional<QuotaLimit> quota;  // of the folder, for what peers put there
  std::string token_file;           // what a peer must show who wants to write; empty: see HttpAccess
  std::string certificate;          // https: a file of PEM; empty: this user's own identity
  std::string key;                  // empty: in the certificate's file

  bool operator==(const HttpSettings&) const = default;
};

// The options of an http:// URL besides root, and those that https:// has as well.
std::span<const std::string_view> http_option_names();
std::span<const std::string_view> https_option_names();

// What those say. Code::usage, with what would be right as a hint; it does not name the URL.
Result<HttpSettings> read_http_options(const Url& url);

}  // namespace yam::service
