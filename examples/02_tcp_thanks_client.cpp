// Row 2, calling: as row 1, but the answer comes by itself, so there is less patience with it.
//   02_tcp_thanks_client [ENDPOINT [TEXT]]
#include <yam/net/conversation.hpp>
#include <yam/net/loop/within.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

Task<Result<void>> say_and_hear(Stream& server, std::string text) {
  const auto said = co_await say(server, text);
  if (!said) co_return fail(said.error());
  const auto answer = co_await read_to_end(server, message_bytes_max);
  if (!answer) co_return fail(answer.error());
  show(*answer);
  co_return Result<void>();
}

Task<Result<void>> greet(Loop& loop, Words words) {
  auto server = co_await call(loop, words.at(0, "127.0.0.1:8088"));
  if (!server) co_return fail(server.error());
  // Any task may get a limit for everything in it; it is cancelled when the time is over.
  auto talk = say_and_hear(*server->stream, words.at(1, "hello"));
  co_return co_await within(loop, after(loop.now(), 5s), std::move(talk), "no thanks from " + server->peer);
}

int main(int count, char** values) {
  return run_program(count, values, greet);
}
