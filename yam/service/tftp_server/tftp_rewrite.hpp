#pragma once
// One rule that gives a file another name: a regular expression (ECMAScript) for the whole of the name, and
// what takes its place. Patterns are the operator's, names are a stranger's: matching takes time in
// proportion to the length of both, whatever either says, so back references are refused.
//
// Values; any number of threads may apply one at once.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::service {

class TftpRewrite {
 public:
  static constexpr std::size_t text_bytes_max = 256;  // of either text
  static constexpr std::size_t groups_max = 9;

  // `with` has $1 to $9 for what the groups of `match` took, $0 for all of it, $$ for a dollar, and {ip} for
  // the client's address. Code::usage for what is no expression, and for a group that it does not have.
  static Result<TftpRewrite> compile(std::string_view match, std::string_view with);

  // The other name, when the expression fits.
  std::optional<std::string> apply(std::string_view name, std::string_view client) const;

  bool operator==(const TftpRewrite& other) const { return match_ == other.match_ && with_ == other.with_; }

 private:
  struct Pattern;

  std::string match_;
  std::string with_;
  std::shared_ptr<const Pattern> pattern_;  // shared by copies, and never changed
};

}  // namespace yam::service
