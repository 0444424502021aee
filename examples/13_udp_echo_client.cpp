// Row 13, calling: each line typed here goes out as a datagram and has to come back unchanged; `exit` is the
// last. A late echo of an earlier line is passed over.
//   13_udp_echo_client [IP:PORT]
#include <yam/net/datagram/datagram_socket.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

Task<Result<void>> await_echo(DatagramSocket& socket, std::string text, Time deadline) {
  for (DatagramBatch echoes(1);;) {
    const auto count = co_await socket.receive(echoes, deadline);
    if (!count) co_return fail(count.error());
    for (const Datagram echo : echoes)
      if (text_of(echo.bytes) == text) co_return Result<void>();
  }
}

Task<Result<void>> call_out(Loop& loop, Words words) {
  const auto place = IpPort::parse(words.at(0, "127.0.0.1:8090"));
  if (!place) co_return fail(place.error());
  auto socket = DatagramSocket::connect(loop, SocketAddress::of(*place));
  auto typed = typed_lines(loop);
  if (!socket || !typed) co_return fail(socket ? typed.error() : socket.error());
  for (std::string text; text != "exit";) {
    const auto line = co_await (*typed)->next();
    if (!line) co_return fail(line.error());
    text = line->value_or("exit");
    const auto sent = co_await (*socket)->send(bytes_of(text));
    if (!sent) co_return fail(sent.error());
    const auto echoed = co_await await_echo(**socket, text, after(loop.now(), 5s));
    if (!echoed) co_return fail(echoed.error());
    show(text);
  }
  co_return Result<void>();
}
int main(int count, char** values) {
  return run_program(count, values, call_out);
}
