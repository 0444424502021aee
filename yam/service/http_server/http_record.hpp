#pragma once
// What is told of one request once it is answered: an access log's line. The views hold during the call.

#include <cstdint>
#include <string_view>

#include "yam/base/address/ip.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

struct HttpRecord {
  std::string_view service;  // "http" or "https"
  IpAddress peer;
  std::string_view date;    // as in the Date field
  std::string_view method;  // empty: what came was no request
  std::string_view target;  // path and query as they came: escape them
  std::string_view query;
  bool has_query = false;
  unsigned minor = 1;  // of HTTP/1.x
  std::uint16_t status = 0;
  std::uint64_t bytes = 0;  // of content, sent
  std::uint64_t received_bytes = 0;
  Duration took = Duration::zero();
  std::string_view referrer;
  std::string_view agent;
  std::string_view fault;  // why the answer is not whole; empty otherwise
};

}  // namespace yam::service
