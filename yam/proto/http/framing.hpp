#pragma once
// Where a message ends (RFC 9112 §6). The one question on which two readers of a connection must never
// disagree; so whatever could be read in two ways is refused, in both roles.

#include <cstdint>
#include <string_view>

#include "yam/proto/http/fields.hpp"
#include "yam/proto/http/refusal.hpp"

namespace yam::proto::http {

enum class Body : std::uint8_t {
  none,
  length,       // so many bytes
  chunked,      // RFC 9112 §7.1
  until_close,  // a response alone
  tunnel,       // the connection is no longer HTTP's: CONNECT's 2xx, 101
};

struct Framing {
  Body body = Body::none;
  std::uint64_t length_bytes = 0;  // when Body::length

  bool operator==(const Framing&) const = default;
};

// 400 for Content-Length beside Transfer-Encoding, a second Content-Length (even the same), one that is not 1
// to 19 digits, Transfer-Encoding in HTTP/1.0 (§6.1), one that does not end in chunked or has it twice, and a
// CONNECT with a body. 501 for a coding before chunked.
Checked<Framing> request_framing(std::string_view method, unsigned minor, const Fields& fields);

// RFC 9112 §6.3 in its order; `method` is the request's. Refused as above; a coding besides chunked too,
// since we never ask for one with TE.
Checked<Framing> response_framing(std::string_view method, unsigned status, unsigned minor,
                                  const Fields& fields);

// Whether a response of this status to this method may have a body at all (RFC 9110 §6.4.1).
bool may_have_body(std::string_view method, unsigned status);

}  // namespace yam::proto::http
