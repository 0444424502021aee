// Row 10, waiting: each datagram X is answered with `Hello, X!`. One socket serves everybody.
//   10_udp_hello_server [IP:PORT]
#include <yam/net/datagram/datagram_socket.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> host(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "127.0.0.1:9999"));
  if (!place) co_return fail(place.error());
  auto socket = DatagramSocket::bind(loop, SocketAddress::of(*place));
  if (!socket) co_return fail(socket.error());
  show("ready " + std::to_string((*socket)->local_address().ip()->port));
  for (DatagramBatch names;;) {
    const auto count = co_await (*socket)->receive(names);
    if (!count) co_return fail(count.error());
    for (const Datagram name : names) {
      const std::string greeting = "Hello, " + string_of(name.bytes) + "!";
      const auto sent = co_await (*socket)->send_to(name.sender, bytes_of(greeting));
      if (!sent) explain(sent.error());  // it concerns this one alone
    }
  }
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
