#include "yam/net/message.hpp"

namespace yam::net {

namespace {

Time deadline_of(Stream& stream, Duration wait) {
  return after(stream.read_watch().loop().now(), wait);
}

// Appends what one read brings; false at the end.
Task<Result<bool>> read_onto(Stream& stream, std::string& text, std::size_t bytes_max, Time deadline) {
  std::string piece(message_bytes_max, '\0');
  const auto count = co_await stream.read(std::as_writable_bytes(std::span(piece)), deadline);
  if (!count) co_return fail(count.error());
  if (*count > bytes_max - text.size())
    co_return fail(Code::protocol, "the peer said more than " + std::to_string(bytes_max) + " bytes");
  text.append(piece, 0, *count);
  co_return *count > 0;
}

}  // namespace

Task<Result<std::string>> read_message(Stream& stream, Duration wait, Duration pause) {
  std::string message;
  auto more = co_await read_onto(stream, message, message_bytes_max, deadline_of(stream, wait));
  if (!more) co_return fail(more.error());
  while (*more && pause > Duration::zero() && !stream.keeps_messages()) {
    more = co_await read_onto(stream, message, message_bytes_max, deadline_of(stream, pause));
    if (!more && more.error().code == Code::timeout) break;
    if (!more) co_return fail(more.error());
  }
  co_return message;
}

Task<Result<std::string>> read_to_end(Stream& stream, std::size_t bytes_max, Duration wait) {
  std::string all;
  for (;;) {
    const auto more = co_await read_onto(stream, all, bytes_max, deadline_of(stream, wait));
    if (!more) co_return fail(more.error());
    if (!*more) co_return all;
  }
}

Task<Result<void>> say(Stream& stream, std::string text, Duration wait) {
  const auto written = co_await stream.write(bytes_of(text), deadline_of(stream, wait));
  if (!written) co_return fail(written.error());
  co_return Result<void>();
}

Task<Result<std::string>> ask(Stream& stream, std::string question,
                              std::function<bool(std::string_view answer)> fits, Duration silence) {
  for (int tries = 0; tries < ask_tries_max; ++tries) {
    const Time deadline = deadline_of(stream, silence);
    const auto said = co_await say(stream, question, silence);
    if (!said) co_return fail(said.error());
    for (;;) {
      std::string answer;
      const auto heard = co_await read_onto(stream, answer, message_bytes_max, deadline);
      if (!heard && heard.error().code == Code::timeout) break;
      if (!heard) co_return fail(heard.error());
      if (fits(answer)) co_return answer;
      if (!*heard && !stream.keeps_messages())
        co_return fail(Code::network, "the peer ended without an answer");
    }
  }
  co_return fail(Code::timeout, "no answer, asked " + std::to_string(ask_tries_max) + " times: time ran out");
}

Task<Result<void>> leave(Stream& stream, std::string last_words) {
  if (!last_words.empty()) {
    const auto said = co_await say(stream, std::move(last_words));
    if (!said) co_return fail(said.error());
  }
  const Time deadline = deadline_of(stream, linger);
  const auto finished = co_await stream.finish(deadline);
  if (!finished) co_return fail(finished.error());
  const ByteSpan dropped = stream.read_watch().loop().scratch();
  while (!stream.keeps_messages()) {
    const auto count = co_await stream.read(dropped, deadline);
    if (!count || *count == 0) break;  // whatever comes now, we have left
  }
  co_return Result<void>();
}

}  // namespace yam::net
