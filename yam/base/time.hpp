#pragma once
// Points and spans of time. The pure floors take time as an argument and never ask a clock; net::Loop reads
// the clock, and sim has one of its own.

#include <chrono>

namespace yam {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

// A deadline that never comes.
inline constexpr Time never = Time::max();

// `now + span` that stays `never` instead of overflowing; a negative span means no limit.
constexpr Time after(Time now, Duration span) {
  if (span < Duration::zero() || span >= never - now) return never;
  return now + span;
}

}  // namespace yam
