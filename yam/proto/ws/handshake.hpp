#pragma once
// How a connection of HTTP/1.1 becomes one of WebSocket (RFC 6455 §4): what a client asks and a server
// answers, as fields of the heads that proto/http reads and writes. Which protocols there are is the caller's
// to say; extensions are neither offered nor granted.

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/proto/http/fields.hpp"
#include "yam/proto/http/head.hpp"

namespace yam::proto::ws {

inline constexpr std::string_view upgrade_name = "websocket", version = "13";
inline constexpr std::size_t protocols_max = 32;  // that a client may offer

namespace field {
inline constexpr std::string_view key = "Sec-WebSocket-Key", accept = "Sec-WebSocket-Accept",
                                  versions = "Sec-WebSocket-Version", protocol = "Sec-WebSocket-Protocol",
                                  extensions = "Sec-WebSocket-Extensions";
}  // namespace field

// A field to be sent.
struct SentField {
  std::string_view name;
  std::string value;

  bool operator==(const SentField&) const = default;
};

// What a client that was refused gets instead: an ordinary answer of HTTP, which says with these fields what
// would be right. `words` is fixed text.
struct HandshakeRefusal {
  std::uint16_t status = 400;
  std::string_view words;
  bool tells_version = false;  // with a 426: Upgrade and Sec-WebSocket-Version (§4.2.2)

  bool operator==(const HandshakeRefusal&) const = default;
};

// What a server learns of a request that is one for WebSocket.
struct Opening {
  std::string key;
  std::vector<std::string> protocols;  // the most wanted first

  bool operator==(const Opening&) const = default;
};

// Refused with 426 where it asks for no WebSocket or another version, with 400 where it is none (§4.2.1).
std::expected<Opening, HandshakeRefusal> check_opening(const http::RequestHead& head);

// The fields of the 101 besides Upgrade and Connection; `protocol` is one that was offered, or empty.
std::vector<SentField> answer_fields(const Opening& opening, std::string_view protocol = {});

// The first of ours that the client offers; empty when it offers none of them.
std::string_view choose_protocol(const Opening& opening, std::span<const std::string_view> ours);

// A client's `nonce` is 16 bytes that nobody can foresee (§4.1).
class ClientHandshake {
 public:
  static constexpr std::size_t nonce_bytes = 16;

  ClientHandshake(std::span<const std::byte, nonce_bytes> nonce, std::vector<std::string> protocols);

  // Of the request, besides Upgrade and Connection.
  std::vector<SentField> fields() const;

  // What the server chose among the protocols, or "". Refused in words: the answer is no 101, or not one to
  // this request; it grants what was not asked for (§4.1).
  std::expected<std::string, std::string_view> check_answer(const http::ResponseHead& head) const;

 private:
  std::string key_;
  std::vector<std::string> protocols_;
};

// What a server answers to a key: only who knows WebSocket can (§4.2.2).
std::string accept_of(std::string_view key);

}  // namespace yam::proto::ws
