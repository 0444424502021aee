#pragma once
// TCP carries bytes, not messages: a FrameKind says how messages are told apart in a stream. It is a plain
// value, parsed from and printed as the word that --frame takes. It does not cut or join bytes itself:
// frame.hpp does.
//
//   lines           ends at LF, or at CRLF; we write LF
//   crlf            the same, but we write CRLF
//   delimiter:TEXT  ends at these bytes, escapes as in escape.hpp: delimiter:\x00, delimiter:END
//   u8 u16 u32      a length in that many bits, network order, then the message
//   u16le u32le     the same in little-endian
//   u8+self …       any of these five, when the length counts its own bytes too
//   varint          the length as protobuf writes it (LEB128), then the message
//   netstring       "5:hello,"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/wire/order.hpp"

namespace yam::wire {

struct Lines {
  bool crlf = false;  // what is written; either is read
  bool operator==(const Lines&) const = default;
};

struct Delimited {
  Bytes delimiter;  // 1 to delimiter_bytes_max bytes
  bool operator==(const Delimited&) const = default;
};

struct Prefixed {
  std::uint8_t prefix_bytes = 2;  // 1 to 4
  Order order = Order::network;
  bool counts_itself = false;
  bool operator==(const Prefixed&) const = default;

  // The longest message whose length the prefix can hold.
  std::size_t message_bytes_max() const {
    return (std::size_t{1} << (8 * prefix_bytes)) - 1 - (counts_itself ? prefix_bytes : 0);
  }
};

struct Varint {
  bool operator==(const Varint&) const = default;
};

struct Netstring {
  bool operator==(const Netstring&) const = default;
};

using FrameKind = std::variant<Lines, Delimited, Prefixed, Varint, Netstring>;

inline constexpr std::size_t delimiter_bytes_max = 64;

// The kind with that name. Anything else is Code::usage, with the kinds there are as the hint.
Result<FrameKind> parse_frame_kind(std::string_view text);

// The name, such that parse_frame_kind(name_of(kind)) == kind.
std::string name_of(const FrameKind& kind);

}  // namespace yam::wire
