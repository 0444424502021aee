#pragma once
// Who may change what is in the served folder: peers on this machine, and whoever shows the token. A page of
// another site that a browser here has open may not: its requests name their Origin, and a name that leads to
// this machine only because somebody else's name server says so is no name of ours (DNS rebinding).
//
// Never changes after open(); any thread.

#include <memory>
#include <string>
#include <string_view>

#include "yam/base/address/ip.hpp"
#include "yam/proto/http/head.hpp"
#include "yam/service/http_server/http_settings.hpp"

namespace yam::service {

inline constexpr std::size_t token_letters_min = 8;
inline constexpr std::size_t token_letters_max = 256;

enum class MayWrite : std::uint8_t {
  yes,
  without_token,   // 401: it has shown none
  wrong_token,     // 401, after a while
  from_elsewhere,  // 403
};

class HttpAccess {
 public:
  // Reads the token: of the settings' file, else of YAM_TOKEN, else this user's own, which is made on first
  // use and kept in the state folder. With one of the first two peers on this machine have to show it as
  // well. Code::local when it cannot be read, Code::usage when it is too short or too long.
  static Result<std::shared_ptr<const HttpAccess>> open(const HttpSettings& settings);

  MayWrite judge(const proto::http::RequestHead& request, const IpAddress& peer) const;

  bool is_token(std::string_view text) const;
  // What a browser keeps once it has shown the token: not the token itself.
  const std::string& cookie() const { return cookie_; }

 private:
  HttpAccess(std::string token, bool asks_everybody);

  std::string token_;
  std::string cookie_;
  bool asks_everybody_;
};

// $XDG_STATE_HOME/yam/token: 32 letters that nobody guesses. Reads it, or makes and keeps a new one.
Result<std::string> own_token();
inline constexpr std::string_view own_token_name = "token";

}  // namespace yam::service
