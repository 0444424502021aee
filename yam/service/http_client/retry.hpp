#pragma once
// When to ask again after something went wrong on the way, and how long to wait before it. Pure: no clock.

#include <cstdint>
#include <optional>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/base/time.hpp"
#include "yam/proto/http/field/date.hpp"

namespace yam::service {

inline constexpr unsigned retries_default = 3;
inline constexpr unsigned retries_max = 1000;
inline constexpr Duration retry_wait_first = std::chrono::milliseconds(500);
inline constexpr Duration retry_wait_max = std::chrono::seconds(60);
inline constexpr Duration retry_after_max = std::chrono::minutes(10);  // who asks for more is given up

// Doubled for each try that failed before, `tries` of them; at least `told` (Retry-After).
Duration retry_wait(unsigned tries, std::optional<Duration> told);

// Whether the same request may well succeed later: 408, 425, 429, 500, 502, 503, 504.
bool is_passing(unsigned status);
// Whether a connection that fails so may be replaced by another one.
bool is_passing(Code code);

// Retry-After's value, seconds or a date (RFC 9110 §10.2.3).
std::optional<Duration> parse_retry_after(std::string_view value, proto::http::Date now);

}  // namespace yam::service
