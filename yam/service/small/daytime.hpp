#pragma once
// The Daytime Protocol's one line (RFC 867). The time comes from outside.

#include <ctime>
#include <string>

namespace yam::service {

// "Saturday, November 21, 2026 08:21:03-UTC" and CRLF: the first form that RFC 867 shows, in English whatever
// the locale. `zone` is the zone's abbreviation.
std::string daytime_text(const std::tm& time, const std::string& zone);

// The same for this moment, here.
std::string daytime_now();

}  // namespace yam::service
