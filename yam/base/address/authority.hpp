#pragma once
// HOST:PORT as every endpoint and URL of yam writes it (RFC 3986 §3.2). It looks at the form alone: it
// refuses user names, IPv6 addresses without brackets and service names as ports, and resolves nothing.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/address/typed.hpp"

namespace yam {

inline constexpr std::size_t host_bytes_max = 253;  // a name in DNS (RFC 1035 §2.3.4)
inline constexpr std::size_t zone_bytes_max = 15;   // an interface name in Linux (IFNAMSIZ)

struct Authority {
  std::string host;                   // without brackets, "fe80::1%eth0" with its zone; may be empty
  std::optional<std::uint16_t> port;  // 0 is let through: who calls refuses it, who listens means any
  Typed port_text;                    // where the port stands, or would
};

// All of `text`, which ends before '/', '?' or '#'. Errors are Code::usage and name the column.
Result<Authority> parse_authority(Typed text);

// A decimal port, 0 to 65535 without leading zeros. A service name gets its number as a hint.
Result<std::uint16_t> parse_port(Typed text);

// The opposite: brackets around IPv6, the port when there is one. A zone that begins with "25" is printed as
// RFC 6874 has it (%25 before it), so that it reads back.
std::string authority_to_string(std::string_view host, std::optional<std::uint16_t> port);

}  // namespace yam
