#pragma once
// What a command line says about HTTP: who we are, whom we trust, and how answers are taken. Turned here into
// the values that service/ works with; secrets come from files and the environment alone.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yam/cli/arguments.hpp"
#include "yam/service/http_get/http_download.hpp"
#include "yam/service/http_get/http_tree.hpp"

namespace yam::cli {

struct HttpOptions {
  bool go_on = false;
  bool recursive = false;
  std::vector<std::string> include, exclude;
  std::uint64_t depth = service::HttpTreeRules::depth_default;
  bool named_by_server = false;
  std::vector<std::string> headers;
  std::string user, password_file;
  std::optional<std::string> netrc;
  bool cookies = false;
  std::uint64_t redirects_max = service::HttpWish::redirects_default;
  bool compressed = false;
  std::string limit_rate;
  std::uint64_t retries = not_given;
  bool no_timestamps = false;
  bool no_metalink = false;
  bool head = false;
  bool no_verify = false;
  std::string ca, cert, key;
  std::vector<std::string> pins;

  void declare(Arguments& arguments);
  // Those that mean something to uploads too.
  void declare_shared(Arguments& arguments);
  // Whether anything was said that means nothing elsewhere.
  bool is_given() const;

  // Code::usage for what contradicts itself, Code::local for files that cannot be read. `urls`: whose
  // fragments may name a pin, as `yam send` writes them (#pin=sha256//…).
  Result<service::HttpClient::Setup> setup(const std::vector<service::HttpUrl>& urls) const;
  Result<service::HttpWish> wish() const;
  service::HttpTreeRules tree() const;
  Result<void> set_pace(std::optional<service::Pace>& pace) const;
  // Absent: as often as is usual.
  std::optional<unsigned> told_retries() const;
  // The pace, if there is one, outlives what is made with the rules.
  Result<service::HttpGetRules> rules(std::optional<service::Pace>& pace) const;

 private:
  static constexpr std::uint64_t not_given = UINT64_MAX;
};

}  // namespace yam::cli
