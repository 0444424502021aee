#pragma once
// HTTP's dates (RFC 9110 §5.6.7): one form is written, three are read. No clock and no locale.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace yam::proto::http {

using Date = std::chrono::sys_seconds;

// "Sun, 06 Nov 1994 08:49:37 GMT". For the years 0 to 9999; no other has such a form.
std::string write_date(Date date);

// That form, and the obsolete ones: "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". Two
// digits of a year that would lie more than 50 years ahead of `now` mean the century before. Whether the day
// of the week is the right one is not asked. Absent for anything else: who sends it is treated as if he had
// not.
std::optional<Date> parse_date(std::string_view text, Date now);

}  // namespace yam::proto::http
