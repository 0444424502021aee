// Row 12, waiting: show one datagram with its sender, and leave; not before it has come, nor for ever.
//   12_udp_once_server [IP:PORT]
#include <yam/net/datagram/datagram_socket.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

Task<Result<void>> hear(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "127.0.0.1:8090"));
  if (!place) co_return fail(place.error());
  auto socket = DatagramSocket::bind(loop, SocketAddress::of(*place));
  if (!socket) co_return fail(socket.error());
  show("ready " + std::to_string((*socket)->local_address().ip()->port));
  DatagramBatch one(1);
  const auto count = co_await (*socket)->receive(one, after(loop.now(), 1h));
  if (!count) co_return fail(count.error());
  for (const Datagram datagram : one)
    show(string_of(datagram.bytes) + " from " + datagram.sender.to_string());
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, hear);
}
