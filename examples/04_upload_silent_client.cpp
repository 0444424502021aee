// Row 4, calling: send a file to somebody who never says a word. That it closes after our half-close, and not
// before, is all we learn: a reset is a failure. Here is what relay() does for a source that needs looking
// at.
//   04_upload_silent_client FILE [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/stdio.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> upload(Loop& loop, Words words) {
  if (words.size() == 0)
    co_return fail(Code::usage, "which file?", "04_upload_silent_client FILE [ENDPOINT]");
  auto file = open_file(loop, words.at(0, ""), FileUse::read);
  if (!file) co_return fail(file.error());
  auto server = co_await call(loop, words.at(1, "127.0.0.1:8080"));
  if (!server) co_return fail(server.error());

  Bytes buffer(Loop::scratch_bytes);
  for (;;) {
    const auto count = co_await (*file)->read(buffer);
    if (!count) co_return fail(count.error());
    if (*count == 0) break;
    const Time deadline = after(loop.now(), patience);
    const auto written = co_await server->stream->write(ByteView(buffer).first(*count), deadline);
    if (!written) co_return fail(written.error());
  }
  const auto finished = co_await server->stream->finish();
  if (!finished) co_return fail(finished.error());
  const auto silence = co_await read_to_end(*server->stream, 0);
  if (!silence) co_return fail(silence.error());
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, upload);
}
