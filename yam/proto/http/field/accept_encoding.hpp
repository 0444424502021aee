#pragma once
// Which content coding an answer gets (RFC 9110 §12.5.3). It chooses among what it is offered and knows no
// coding by itself.

#include <optional>
#include <span>
#include <string_view>

#include "yam/proto/http/fields.hpp"

namespace yam::proto::http {

// A weight from 0 to 1000 (RFC 9110 §12.4.2): "0.5" is 500. Absent when malformed.
std::optional<unsigned> parse_weight(std::string_view text);

// The one of `offered`, best first, to which the request gives the highest weight above 0 and not below that
// of "identity"; else "identity", also where the request forbids it: an answer is better than 406 (§12.5.3).
// Nothing is encoded unasked; a member that is malformed is left out.
std::string_view choose_coding(const Fields& request, std::span<const std::string_view> offered);

}  // namespace yam::proto::http
