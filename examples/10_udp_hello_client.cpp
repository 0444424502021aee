// Row 10, calling: send a name, show the greeting. Datagrams may be lost, so the question is repeated.
//   10_udp_hello_client [IP:PORT [NAME]]
#include <yam/net/datagram/datagram_socket.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

constexpr int tries_max = 5;

Task<Result<void>> greet(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "127.0.0.1:9999"));
  if (!place) co_return fail(place.error());
  auto socket = DatagramSocket::connect(loop, SocketAddress::of(*place));
  if (!socket) co_return fail(socket.error());
  const std::string name = words.at(1, "Ada");
  DatagramBatch answers;
  for (int tries = 0; tries < tries_max; ++tries) {
    const auto sent = co_await (*socket)->send(bytes_of(name));
    if (!sent) co_return fail(sent.error());
    const auto count = co_await (*socket)->receive(answers, after(loop.now(), 1s));
    if (!count && count.error().code != Code::timeout) co_return fail(count.error());
    for (const Datagram answer : answers)
      show(text_of(answer.bytes));
    if (count) co_return Result<void>();
  }
  co_return fail(Code::timeout, place->to_string() + " does not answer");
}

int main(int count, char** values) {
  return run_program(count, values, greet);
}
