#pragma once
// Why this side cannot go on with a transfer, as the peer is told (an ERROR's code and text).

#include <expected>
#include <string>

#include "yam/base/result.hpp"
#include "yam/proto/tftp/packet.hpp"

namespace yam::service {

struct TftpFault {
  proto::tftp::ErrorCode code = proto::tftp::ErrorCode::undefined;
  std::string text;

  bool operator==(const TftpFault&) const = default;
};

template <class T = void>
using TftpResult = std::expected<T, TftpFault>;

[[nodiscard]] inline std::unexpected<TftpFault> tftp_fail(proto::tftp::ErrorCode code, std::string text) {
  return std::unexpected(TftpFault{code, std::move(text)});
}

// What store says, in TFTP's codes: 1 for what is not there, 2 for what may not be, 0 for our own troubles.
TftpFault fault_of(const Error& error);
// An errno of a write: a full disk has a code of its own.
TftpFault fault_of_write(const std::string& what, int errno_value);

}  // namespace yam::service
