// Row 2, waiting: show what each caller says, and thank for it. Many at once, each in a task of its own.
//   02_tcp_thanks_server [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

Task<Result<void>> thank(Connection client) {
  const auto text = co_await read_message(*client.stream, patience, 100ms);
  if (!text) co_return fail(text.error());
  show(*text);
  co_return co_await leave(*client.stream, "Thank ou!");
}

Task<Result<void>> host(Loop& loop, Words words) {
  co_return co_await serve_each(loop, words.at(0, "127.0.0.1:8088"), thank);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
