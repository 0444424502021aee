// Row 8, waiting: welcome everybody, greet by whatever name they say, until they say exit.
//   08_greeting_server [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

// Names are typed by people.
constexpr Duration thinking_time = 10min;

Task<Result<void>> greet(Connection client) {
  std::string greeting = "Welcome!";
  for (;;) {
    const auto said = co_await say(*client.stream, greeting);
    if (!said) co_return fail(said.error());
    const auto name = co_await read_message(*client.stream, thinking_time);
    if (!name) co_return fail(name.error());
    if (name->empty() || *name == "exit") co_return co_await leave(*client.stream);
    show(*name);
    greeting = "Hello, " + *name + "!";
  }
}

Task<Result<void>> host(Loop& loop, Words words) {
  co_return co_await serve_each(loop, words.at(0, "127.0.0.1:9999"), greet);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
