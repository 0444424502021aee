#pragma once
// The date of answers, to the second, as a number and as the text that a Date field has: written once a
// second.
//
// For the loop's own thread.

#include <string>

#include "yam/net/loop/loop.hpp"
#include "yam/proto/http/field/date.hpp"

namespace yam::service {

class HttpClock {
 public:
  explicit HttpClock(net::Loop& loop) : loop_(loop) {}

  proto::http::Date now();
  const std::string& text();  // good until the next call

 private:
  net::Loop& loop_;
  Time until_ = Time::min();
  proto::http::Date date_{};
  std::string text_;
};

}  // namespace yam::service
