#include "yam/service/http_send/arrival.hpp"

#include <algorithm>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "yam/service/server/server_visit.hpp"

namespace yam::service {

namespace {

// Nobody tells when an acknowledgement comes: it is asked for, first often, then seldom.
constexpr Duration first_pause = std::chrono::milliseconds(1);
constexpr Duration longest_pause = std::chrono::milliseconds(50);

bool is_closed(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || info.tcpi_state == TCP_CLOSE;
}

}  // namespace

net::Task<bool> has_arrived(Visit& visit) {
  Duration pause = first_pause;
  Time deadline = visit.hosting().idle_deadline();
  for (int before = 0;;) {
    const auto socket = visit.stream().socket();
    int bytes = 0;  // not acknowledged
    if (!socket || ::ioctl(*socket, SIOCOUTQ, &bytes) != 0) co_return false;
    if (bytes == 0) co_return true;
    if (is_closed(*socket) || visit.loop().now() >= deadline) co_return false;
    if (bytes != before) deadline = visit.hosting().idle_deadline();
    before = bytes;
    co_await visit.loop().sleep_for(pause);
    pause = std::min(2 * pause, longest_pause);
  }
}

}  // namespace yam::service
