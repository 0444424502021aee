#include "yam/net/socket/tcp_info.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace yam::net {

std::optional<PathState> path_state_of(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  PathState state;
  state.round_trip = std::chrono::microseconds(info.tcpi_rtt);
  state.round_trip_variance = std::chrono::microseconds(info.tcpi_rttvar);
  state.retransmitted = info.tcpi_total_retrans;
  state.lost = info.tcpi_lost;
  return state;
}

}  // namespace yam::net
