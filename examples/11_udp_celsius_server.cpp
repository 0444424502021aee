// Row 11, waiting: a number in °C is answered in °F. What is no number is told so, and harms nobody.
//   11_udp_celsius_server [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/service/small/fahrenheit.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

// On udp:// whoever sends something new is a conversation; it is over when he has been silent for so long.
constexpr Duration silence_max = 10s;

Task<Result<void>> convert(Connection client) {
  for (;;) {
    const auto celsius = co_await read_message(*client.stream, silence_max);
    if (!celsius && celsius.error().code == Code::timeout) co_return Result<void>();
    if (!celsius) co_return fail(celsius.error());
    show(*celsius);
    const auto said = co_await say(*client.stream, service::fahrenheit_answer(*celsius));
    if (!said) co_return fail(said.error());
  }
}

Task<Result<void>> host(Loop& loop, Words words) {
  co_return co_await serve_each(loop, words.at(0, "udp://127.0.0.1:9999"), convert);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
