// Row 9, calling: two people in turn, we first; whoever says bye ends it.
//   09_bye_client [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>

using namespace yam;
using namespace yam::net;
using namespace std::chrono_literals;

constexpr Duration thinking_time = 10min;

Task<Result<void>> talk(Loop& loop, Words words) {
  auto typed = typed_lines(loop);
  if (!typed) co_return fail(typed.error());
  auto other = co_await call(loop, words.at(0, "127.0.0.1:9999"));
  if (!other) co_return fail(other.error());
  for (;;) {
    const auto line = co_await (*typed)->next();
    if (!line) co_return fail(line.error());
    const std::string ours = line->value_or("bye");
    if (ours == "bye") co_return co_await leave(*other->stream, ours);
    const auto said = co_await say(*other->stream, ours);
    if (!said) co_return fail(said.error());

    const auto theirs = co_await read_message(*other->stream, thinking_time);
    if (!theirs) co_return fail(theirs.error());
    if (theirs->empty()) co_return fail(Code::network, other->peer + " left without a bye");
    show(*theirs);
    if (*theirs == "bye") co_return Result<void>();
  }
}

int main(int count, char** values) {
  return run_program(count, values, talk);
}
