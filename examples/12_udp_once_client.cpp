// Row 12, calling: one datagram, and nothing comes back.
//   12_udp_once_client [IP:PORT [TEXT]]
#include <yam/net/datagram/datagram_socket.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> tell(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "127.0.0.1:8090"));
  if (!place) co_return fail(place.error());
  auto socket = DatagramSocket::connect(loop, SocketAddress::of(*place));
  if (!socket) co_return fail(socket.error());
  const std::string text = words.at(1, "hello");
  const auto sent = co_await (*socket)->send(bytes_of(text));
  if (!sent) co_return fail(sent.error());
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, tell);
}
