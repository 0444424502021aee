#include "yam/service/tftp_server/tftp_counters.hpp"

namespace yam::service {

void TftpCounters::count_end(const ServerEvent& end) {
  using Kind = ServerEvent::Kind;
  const bool is_upload = end.kind == Kind::received || end.kind == Kind::not_received;
  add(is_upload ? bytes_received_ : bytes_sent_, end.bytes);
  add(retransmissions_, end.retransmissions);
  switch (end.kind) {
    case Kind::sent:
      return add(sent_, 1);
    case Kind::received:
      return add(received_, 1);
    case Kind::not_received:
      return add(not_received_, 1);
    case Kind::probed:
      return add(probed_, 1);
    default:
      return add(not_sent_, 1);
  }
}

TftpCounts TftpCounters::now() const {
  TftpCounts counts;
  counts.requests = requests_;
  counts.sent = sent_;
  counts.not_sent = not_sent_;
  counts.received = received_;
  counts.not_received = not_received_;
  counts.probed = probed_;
  counts.refused = refused_;
  counts.bytes_sent = bytes_sent_;
  counts.bytes_received = bytes_received_;
  counts.retransmissions = retransmissions_;
  return counts;
}

}  // namespace yam::service
