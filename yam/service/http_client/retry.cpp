#include "yam/service/http_client/retry.hpp"

#include <algorithm>

#include "yam/proto/http/syntax.hpp"

namespace yam::service {

Duration retry_wait(unsigned tries, std::optional<Duration> told) {
  constexpr unsigned doublings_max = 8;
  const Duration own = std::min(retry_wait_first * (1 << std::min(tries, doublings_max)), retry_wait_max);
  return std::max(own, told.value_or(Duration::zero()));
}

bool is_passing(unsigned status) {
  switch (status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool is_passing(Code code) {
  // A TLS stream that is cut is a fault of identity: nobody says whether the peer meant to end it.
  return code == Code::network || code == Code::timeout || code == Code::identity;
}

std::optional<Duration> parse_retry_after(std::string_view value, proto::http::Date now) {
  if (const auto seconds = proto::http::parse_digits(value)) {
    constexpr std::uint64_t year = 365 * 86400;
    return std::chrono::seconds(std::min(*seconds, year));
  }
  const auto date = proto::http::parse_date(value, now);
  if (!date) return std::nullopt;
  return std::max(std::chrono::seconds(0), *date - now);
}

}  // namespace yam::service
