#pragma once
// What tftp://HOST[:PORT]/NAME[;mode=MODE] means to a client (RFC 3617): whom to ask, and for which name. The
// first '/' is no part of the name: an absolute one has two.

#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/proto/tftp/packet.hpp"

namespace yam::service {

inline constexpr std::uint16_t tftp_port_default = 69;  // RFC 3617 §3

struct TftpUrl {
  std::string host;  // empty: this machine
  std::uint16_t port = tftp_port_default;
  std::string name;  // as the request carries it; empty, or ending in '/', when only a folder is told
  proto::tftp::Mode mode = proto::tftp::Mode::octet;
  bool is_mode_told = false;  // by the URL

  // Code::usage: another scheme, port 0, a query or a fragment, a mode that RFC 1350 does not know.
  static Result<TftpUrl> parse(std::string_view text);

  bool names_file() const { return !name.empty() && name.back() != '/'; }

  // What a file of that name is called here: its last component, with '_' for each control character, so that
  // it cannot lead elsewhere. Code::usage when there is none.
  Result<std::string> local_name() const;

  // "tftp://[::1]:69/a b", for people.
  std::string to_string() const;

  bool operator==(const TftpUrl&) const = default;
};

}  // namespace yam::service
