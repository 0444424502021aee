#include "yam/service/tftp_server/tftp_counters.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(TftpCounters, CountEachEndOnce) {
  TftpCounters counters;
  using Kind = ServerEvent::Kind;
  for (const Kind kind : {Kind::sent, Kind::not_sent, Kind::probed, Kind::received, Kind::not_received}) {
    ServerEvent event;
    event.kind = kind;
    event.bytes = 10;
    event.retransmissions = 2;
    counters.count_request();
    counters.count_end(event);
  }
  counters.count_refusal();
  TftpCounts expected;
  expected.requests = 5;
  expected.sent = expected.not_sent = expected.probed = expected.received = expected.not_received = 1;
  expected.refused = 1;
  expected.bytes_sent = 30;
  expected.bytes_received = 20;
  expected.retransmissions = 10;
  EXPECT_EQ(counters.now(), expected);
}

}  // namespace
}  // namespace yam::service
