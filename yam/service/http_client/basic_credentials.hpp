#pragma once
// A name and a password as HTTP's Basic scheme carries them (RFC 7617), and ~/.netrc, where people keep them.
// A secret: never in a message.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/result.hpp"

namespace yam::service {

struct BasicCredentials {
  std::string name;  // without ':'
  std::string password;

  std::string authorization() const;  // "Basic YTpi"

  bool operator==(const BasicCredentials&) const = default;
};

// The machines of a .netrc as curl and ftp read it: `machine`, `default`, `login`, `password`, quotes, "#"
// before a whole line. Macros are skipped, `account` is nobody's any more.
class Netrc {
 public:
  static constexpr std::size_t bytes_max = 1024 * 1024;

  // Code::usage for a word that cannot stand where it stands.
  static Result<Netrc> parse(std::string_view text);
  // Code::local when it cannot be read, or is open to others than its owner.
  static Result<Netrc> load(const std::string& path);

  // Of `host`, else of `default`; the first with a login counts.
  std::optional<BasicCredentials> find(std::string_view host) const;

 private:
  struct Machine {
    std::optional<std::string> host;  // absent: any
    BasicCredentials credentials;
  };
  std::vector<Machine> machines_;
};

}  // namespace yam::service
