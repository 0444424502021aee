#pragma once
// The words of WebSocket (RFC 6455): who is who, what a frame may be, and why a connection is given up. Both
// ends use them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::proto::ws {

enum class Role : std::uint8_t { client, server };

// §5.2. The others are reserved.
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr bool is_control(Opcode opcode) {
  return static_cast<std::uint8_t>(opcode) >= 8;
}

inline constexpr std::size_t control_bytes_max = 125;                   // §5.5
inline constexpr std::size_t reason_bytes_max = control_bytes_max - 2;  // of a close, behind its code
inline constexpr std::size_t frame_head_bytes_max = 2 + 8 + 4;          // §5.2

struct Limits {
  std::uint64_t frame_bytes = std::uint64_t{16} << 20;
  std::uint64_t message_bytes = std::uint64_t{64} << 20;  // of all its frames
};

// §7.4.1, as far as we say them.
namespace code {
inline constexpr std::uint16_t normal = 1000, going_away = 1001, protocol_error = 1002, unsupported = 1003,
                               invalid_text = 1007, policy = 1008, too_big = 1009, internal = 1011;
inline constexpr std::uint16_t cut = 1006;  // never sent: there was no close
}  // namespace code

// Whether a close may carry it (§7.4.1, §7.4.2): 1005, 1006 and 1015 are never sent, and what is reserved is
// an error.
constexpr bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

// Why nothing more is taken: the connection is closed with `code`. `words` is fixed text that lives forever
// and holds nothing of the peer's.
struct Refusal {
  std::uint16_t code = code::protocol_error;
  std::string_view words;

  Error error() const { return {Code::protocol, std::string(words), {}}; }
  bool operator==(const Refusal&) const = default;
};

template <class T>
using Checked = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(std::uint16_t code, std::string_view words) {
  return std::unexpected(Refusal{code, words});
}

}  // namespace yam::proto::ws
