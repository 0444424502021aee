#pragma once
// What a server has done, for those who watch it: /healthz says that it answers, /metrics says how much it
// has done, in Prometheus' text form (version 0.0.4).

#include <cstdint>
#include <string>
#include <string_view>

#include "yam/service/http_server/http_counters.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/tftp_server/tftp_counters.hpp"

namespace yam::service {

inline constexpr std::string_view http_health_path = "/healthz";
inline constexpr std::string_view http_metrics_path = "/metrics";

void answer_health(HttpExchange& exchange);
void answer_metrics(HttpExchange& exchange);

std::string metrics_text(std::uint64_t connections, const HttpCounts& http, const TftpCounts& tftp);

}  // namespace yam::service
