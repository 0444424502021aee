#pragma once
// What a head says about its connection: whether it stays (RFC 9112 §9.3), whether it becomes another
// protocol's (RFC 9110 §7.8), and whether the sender waits before its body (RFC 9110 §10.1.1).

#include <cstdint>
#include <string_view>

#include "yam/proto/http/fields.hpp"

namespace yam::proto::http {

// Whether the sender would keep the connection: in HTTP/1.1 unless it says close, in 1.0 only when it says
// keep-alive.
bool wants_open(unsigned minor, const Fields& fields);

// Whether `protocol` is among what an HTTP/1.1 message would switch to. Upgrade counts only where Connection
// names it.
bool offers_upgrade(unsigned minor, const Fields& fields, std::string_view protocol);
bool offers_upgrade(unsigned minor, const Fields& fields);  // to anything

enum class Expectation : std::uint8_t { none, go_on, unknown };
// Of HTTP/1.0 none: what it says there is not meant.
Expectation expectation_of(unsigned minor, const Fields& fields);

}  // namespace yam::proto::http
