#include "yam/service/http_site/http_metrics.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(HttpMetrics, EveryLineIsOneThatPrometheusReads) {
  HttpCounters http;
  http.count(206, true, 10, 0);
  http.count(404, true, 5, 0);
  http.count(200, false, 7, 3);
  TftpCounts tftp;
  tftp.sent = 4;
  const std::string text = metrics_text(2, http.now(), tftp);
  for (const char* line :
       {"# TYPE yam_connections gauge\nyam_connections 2\n", "yam_http_requests_total{status=\"2xx\"} 2\n",
        "yam_http_requests_total{status=\"4xx\"} 1\n", "yam_http_broken_off_total 1\n",
        "yam_http_sent_bytes_total 22\n", "yam_http_received_bytes_total 3\n",
        "yam_tftp_transfers_total{end=\"sent\"} 4\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;
  EXPECT_TRUE(text.ends_with('\n'));
}

}  // namespace
}  // namespace yam::service
