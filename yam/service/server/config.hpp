#pragma once
// The configuration file of `yam serve` (TOML; docs/config.md). Every key is known or an error that names the
// line and the right ones. It says what is written; nothing is opened.

#include <optional>
#include <string>
#include <string_view>

#include "yam/service/server/server.hpp"

namespace yam::service {

inline constexpr std::size_t config_bytes_max = 1024 * 1024;
inline constexpr std::uint64_t loops_max = 1024;

// What the file says; absent is what it leaves to the defaults and to the command line.
struct ServeConfig {
  std::vector<std::string> urls;
  std::optional<std::string> root;
  std::optional<bool> lan;
  std::optional<std::uint64_t> loops;
  ServeLimits limits;  // defaults where it says nothing
  TftpRules tftp;      // likewise
};

// Code::usage: "serve.toml:7: no key "idel" in [limits]", with a hint. `name` is the file's, for the faults.
Result<ServeConfig> parse_config(std::string_view text, const std::string& name);

// The same from a file. Code::not_found or Code::local when it cannot be read.
Result<ServeConfig> read_config(const std::string& path);

}  // namespace yam::service
