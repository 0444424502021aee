// Row 3, calling: send a file, half-close, show the answer. The kernel moves the bytes (sendfile).
//   03_upload_client FILE [ENDPOINT]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/relay.hpp>
#include <yam/net/stdio.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> upload(Loop& loop, Words words) {
  if (words.size() == 0) co_return fail(Code::usage, "which file?", "03_upload_client FILE [ENDPOINT]");
  auto file = open_file(loop, words.at(0, ""), FileUse::read);
  if (!file) co_return fail(file.error());
  auto server = co_await call(loop, words.at(1, "127.0.0.1:8080"));
  if (!server) co_return fail(server.error());

  RelayOptions options;
  options.idle = patience;
  const Relayed sent = co_await relay(loop, **file, *server->stream, options);
  if (sent.end != Relayed::End::source_ended) co_return fail(sent.error);
  const auto finished = co_await server->stream->finish();
  if (!finished) co_return fail(finished.error());

  const auto answer = co_await read_to_end(*server->stream, message_bytes_max);
  if (!answer) co_return fail(answer.error());
  show(*answer);
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, upload);
}
