#pragma once
// When something is to end, as people say it: in so long, or at a time of day.

#include <ctime>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

// How long from `now`: a duration ("30min"), or HH:MM or HH:MM:SS, of today or else tomorrow, where this
// machine is. Code::usage for anything else.
Result<Duration> parse_end_time(std::string_view text, std::time_t now);

}  // namespace yam::service
