#pragma once
// Which ports a server's transfers answer from: one of the kernel's choice each (RFC 1350 §4), one of a range
// that a firewall lets pass, or none of their own: the port that the server listens at.

#include <cstdint>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::service {

struct TftpPorts {
  // Both 0: any free one.
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  bool single = false;

  // "single", or a range as "20000-20999". Code::usage.
  static Result<TftpPorts> parse(std::string_view text);

  bool is_single() const { return single; }
  bool is_range() const { return first != 0; }
  bool operator==(const TftpPorts&) const = default;
};

}  // namespace yam::service
