#pragma once
// Whether what went out has come: the peer's machine has acknowledged it. What the kernel still holds may be
// megabytes, and is lost when the connection breaks.

#include <string_view>

#include "yam/net/loop/task.hpp"

namespace yam::service {

class Visit;

// Why an answer counts as cut although all of it went out.
inline constexpr std::string_view did_not_arrive = "the end did not arrive";

// Waits until nothing is on its way to the visitor; false when the connection breaks, or nothing moves for
// the idle limit. `visit` outlives the task.
net::Task<bool> has_arrived(Visit& visit);

}  // namespace yam::service
