// Row 13, waiting: every datagram goes back to its sender, whole batches at a time: one system call takes up
// to 64 datagrams from the kernel, one gives them back.
//   13_udp_echo_server [IP:PORT]
#include <yam/net/datagram/datagram_socket.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> host(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "127.0.0.1:8090"));
  if (!place) co_return fail(place.error());
  DatagramOptions options;
  options.gro = true;
  auto socket = DatagramSocket::bind(loop, SocketAddress::of(*place), options);
  if (!socket) co_return fail(socket.error());
  show("ready " + std::to_string((*socket)->local_address().ip()->port));
  for (DatagramBatch batch;;) {
    const auto count = co_await (*socket)->receive(batch);
    if (!count) co_return fail(count.error());
    const auto sent = co_await (*socket)->send_back(batch);
    if (!sent) co_return fail(sent.error());
    if (*sent < batch.size()) explain(*(*socket)->last_fault());  // somebody cannot be reached
  }
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
