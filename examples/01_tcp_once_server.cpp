// Row 1, waiting: show what a caller says, and answer with the next line typed here. There is one keyboard,
// so one caller is served at a time; the others wait in the kernel's queue.
//   01_tcp_once_server [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

Task<Result<void>> answer(Connection client, FrameReader& typed) {
  // A text may come in several pieces; a short silence says that this was all.
  const auto text = co_await read_message(*client.stream, 5s, 100ms);
  if (!text) co_return fail(text.error());
  show(*text);
  const auto line = co_await typed.next();
  if (!line) co_return fail(line.error());
  if (!*line) co_return fail(Code::local, "no answer: the end of stdin");
  co_return co_await leave(*client.stream, **line);
}

Task<Result<void>> host(Loop& loop, Words words) {
  auto typed = typed_lines(loop);
  if (!typed) co_return fail(typed.error());
  const auto converse = [&](Connection client) { return answer(std::move(client), **typed); };
  co_return co_await serve_each(loop, words.at(0, "127.0.0.1:8080"), converse, 1);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
