#pragma once
// Why a message is not taken. Every refusal of this room ends the connection: where the next message would
// begin is not known any more (RFC 9112 §9.6), so nothing behind it may be read.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::proto::http {

// `words` is fixed text that lives forever and holds nothing of the peer's.
struct Refusal {
  std::uint16_t status = 400;  // what a server answers before it closes; nothing to a client
  std::string_view words;

  static constexpr bool closes = true;

  // For a client, and for a server's log.
  Error error() const { return {Code::protocol, std::string(words), {}}; }

  bool operator==(const Refusal&) const = default;
};

template <class T>
using Checked = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(std::uint16_t status, std::string_view words) {
  return std::unexpected(Refusal{status, words});
}
inline std::unexpected<Refusal> refuse(const Refusal& refusal) {
  return std::unexpected(refusal);
}

}  // namespace yam::proto::http
