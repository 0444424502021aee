#include "yam/service/http_server/http_clock.hpp"

#include <chrono>

namespace yam::service {

proto::http::Date HttpClock::now() {
  const Time now = loop_.now();
  if (now >= until_) {
    const auto system_now = std::chrono::system_clock::now();
    date_ = std::chrono::floor<std::chrono::seconds>(system_now);
    text_ = proto::http::write_date(date_);
    until_ = now + std::chrono::duration_cast<Duration>(date_ + std::chrono::seconds(1) - system_now);
  }
  return date_;
}

const std::string& HttpClock::text() {
  now();
  return text_;
}

}  // namespace yam::service
