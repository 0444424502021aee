// Row 5, calling: ask for a file by name, save what comes until the server closes. Nothing at all means that
// there is no such file; then none is written here either.
//   05_download_client NAME [ENDPOINT [FILE]]
#include <yam/base/text.hpp>
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/relay.hpp>
#include <yam/net/stdio.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> download(Loop& loop, Words words) {
  const std::string name = words.at(0, "");
  if (name.empty()) co_return fail(Code::usage, "which file?", "05_download_client NAME [ENDPOINT [FILE]]");
  auto server = co_await call(loop, words.at(1, "127.0.0.1:7890"));
  if (!server) co_return fail(server.error());
  const auto asked = co_await say(*server->stream, name);
  if (!asked) co_return fail(asked.error());
  const auto beginning = co_await read_message(*server->stream);
  if (!beginning) co_return fail(beginning.error());
  if (beginning->empty()) co_return fail(Code::not_found, "the server has no " + quoted(name));

  auto file = open_file(loop, words.at(2, "downloaded"), FileUse::write);
  if (!file) co_return fail(file.error());
  const auto begun = co_await say(**file, *beginning);
  if (!begun) co_return fail(begun.error());
  RelayOptions options;
  options.idle = patience;
  const Relayed rest = co_await relay(loop, *server->stream, **file, options);
  if (rest.end != Relayed::End::source_ended) co_return fail(rest.error);
  co_return Result<void>();
}

int main(int count, char** values) {
  return run_program(count, values, download);
}
