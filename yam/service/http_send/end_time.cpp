#include "yam/service/http_send/end_time.hpp"

#include <array>
#include <optional>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

namespace yam::service {

namespace {

// "18:30" or "18:30:05": hours, minutes, seconds.
std::optional<std::array<int, 3>> parse_clock(std::string_view text) {
  constexpr std::array<int, 3> limits{24, 60, 60};
  std::array<int, 3> parts{};
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  for (std::size_t i = 0; 3 * i < text.size(); ++i) {
    const std::string_view part = text.substr(3 * i, 2);
    if (i > 0 && text[3 * i - 1] != ':') return std::nullopt;
    if (!is_digit(part[0]) || !is_digit(part[1])) return std::nullopt;
    parts[i] = 10 * (part[0] - '0') + (part[1] - '0');
    if (parts[i] >= limits[i]) return std::nullopt;
  }
  return parts;
}

}  // namespace

Result<Duration> parse_end_time(std::string_view text, std::time_t now) {
  if (!text.contains(':')) {
    const auto span = parse_duration(text);
    if (!span) return fail(Code::usage, quoted(text) + " is no time", "30min and 18:30 are");
    return *span;
  }
  const auto clock = parse_clock(text);
  if (!clock) return fail(Code::usage, quoted(text) + " is no time of day", "18:30 is one");
  std::tm day{};
  ::localtime_r(&now, &day);
  std::time_t end = now;
  for (int later = 0; end <= now && later < 2; ++later) {
    std::tm wanted = day;
    wanted.tm_mday += later;
    wanted.tm_hour = (*clock)[0];
    wanted.tm_min = (*clock)[1];
    wanted.tm_sec = (*clock)[2];
    wanted.tm_isdst = -1;
    end = ::mktime(&wanted);
  }
  return std::chrono::seconds(end - now);
}

}  // namespace yam::service
