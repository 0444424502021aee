#pragma once
// What a request is for: its target in the four forms (RFC 9112 §3.2), and the Host. Views borrow the text.
// Percent escapes are checked here and resolved elsewhere, where the path meets a folder.

#include <cstdint>
#include <optional>
#include <string_view>

#include "yam/proto/http/refusal.hpp"

namespace yam::proto::http {

// A name, an IPv4 address, or an IPv6 address with its brackets.
struct Host {
  std::string_view name;  // empty when there was none
  std::optional<std::uint16_t> port;

  bool operator==(const Host&) const = default;
};

enum class TargetForm : std::uint8_t { origin, absolute, authority, asterisk };

struct Target {
  TargetForm form = TargetForm::origin;
  std::string_view path;  // begins with "/"; "*" in asterisk form, empty in authority form
  std::optional<std::string_view> query;
  std::string_view scheme;  // "http" or "https" as written, in absolute form
  Host host;                // in absolute and authority form

  bool operator==(const Target&) const = default;
};

// 400 when it does not fit the method: the authority is CONNECT's and "*" is OPTIONS' alone. Refused too:
// fragments, user names (RFC 9110 §4.2.4), "%" without two hex digits, schemes other than http and https.
// Taken although no URI has them, because they are met and mean one thing: bytes beyond ASCII (curl 7.88
// sends a name as it was typed) and `[]^|{}\`` (browsers).
Checked<Target> parse_target(std::string_view method, std::string_view text);

// `name[:port]` (RFC 9110 §7.2). An empty text is an empty Host, which RFC 9112 §3.2 allows. A name has
// letters, digits, "-._~" and percent escapes: sub-delims, which RFC 3986 would allow, are in no host's name.
Checked<Host> parse_host(std::string_view text);

}  // namespace yam::proto::http
