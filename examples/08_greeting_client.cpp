// Row 8, calling: show the welcome, then say each line typed here and show how it is greeted; `exit` at the
// end.
//   08_greeting_client [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> meet(Loop& loop, Words words) {
  auto typed = typed_lines(loop);
  if (!typed) co_return fail(typed.error());
  auto server = co_await call(loop, words.at(0, "127.0.0.1:9999"));
  if (!server) co_return fail(server.error());
  for (;;) {
    const auto heard = co_await read_message(*server->stream);
    if (!heard) co_return fail(heard.error());
    if (heard->empty()) co_return fail(Code::refused, server->peer + " closed before our exit");
    show(*heard);
    const auto line = co_await (*typed)->next();
    if (!line) co_return fail(line.error());
    const std::string text = line->value_or("exit");
    const auto said = co_await say(*server->stream, text);
    if (!said) co_return fail(said.error());
    if (text == "exit") co_return co_await leave(*server->stream);
  }
}

int main(int count, char** values) {
  return run_program(count, values, meet);
}
