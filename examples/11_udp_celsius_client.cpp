// Row 11, calling: each temperature in °C, one answer each. A UDP endpoint is a stream of messages too, and a
// stream is all that this program knows.
//   11_udp_celsius_client [ENDPOINT [NUMBER…]]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

Task<Result<void>> convert(Loop& loop, Words words) {
  auto server = co_await call(loop, words.at(0, "udp://127.0.0.1:9999"));
  if (!server) co_return fail(server.error());
  for (const std::string& celsius : words.from(1)) {
    const auto said = co_await say(*server->stream, celsius);
    if (!said) co_return fail(said.error());
    const auto fahrenheit = co_await read_message(*server->stream, 5s);
    if (!fahrenheit) co_return fail(fahrenheit.error());
    show(*fahrenheit);
  }
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, convert);
}
