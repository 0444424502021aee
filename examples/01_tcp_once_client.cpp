// Row 1, calling: connect, say one text, show the one answer.
//   01_tcp_once_client [ENDPOINT [TEXT]]       as in: 01_tcp_once_client tls://localhost:8080 你好
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

// Whoever answers is a person, and thinks first.
constexpr Duration thinking_time = 10min;

Task<Result<void>> ask(Loop& loop, Words words) {
  auto server = co_await call(loop, words.at(0, "127.0.0.1:8080"));
  if (!server) co_return fail(server.error());
  const auto said = co_await say(*server->stream, words.at(1, "hello"));
  if (!said) co_return fail(said.error());
  const auto answer = co_await read_to_end(*server->stream, message_bytes_max, thinking_time);
  if (!answer) co_return fail(answer.error());
  if (answer->empty()) co_return fail(Code::refused, server->peer + " closed without an answer");
  show(*answer);
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, ask);
}
