// Row 3, waiting: save what each caller sends as FOLDER/upload-N, and say so. A file gets its name when the
// caller has finished, so half a file never carries it; what was cut stays as a .part.
//   03_upload_server [ENDPOINT [FOLDER]]
#include <filesystem>
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/relay.hpp>
#include <yam/net/stdio.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> receive(Loop& loop, Connection client, std::string path) {
  auto file = open_file(loop, path + ".part", FileUse::write);
  if (!file) co_return fail(file.error());
  RelayOptions options;
  options.idle = patience;
  const Relayed received = co_await relay(loop, *client.stream, **file, options);
  if (received.end != Relayed::End::source_ended) co_return fail(received.error);
  std::error_code fault;
  std::filesystem::rename(path + ".part", path, fault);
  if (fault) co_return fail_os("cannot name " + path, fault.value());
  co_return co_await leave(*client.stream, "接收完成");
}

Task<Result<void>> host(Loop& loop, Words words) {
  int uploads = 0;
  const auto path = [&] { return words.at(1, ".") + "/upload-" + std::to_string(++uploads); };
  const auto converse = [&](Connection client) { return receive(loop, std::move(client), path()); };
  co_return co_await serve_each(loop, words.at(0, "127.0.0.1:8080"), converse);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
