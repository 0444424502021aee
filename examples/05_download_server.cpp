// Row 5, waiting: answer a file's name with its bytes. Names come from strangers: only that of a regular file
// in FOLDER itself counts. The row has no word for "there is none": we close, and say why here.
//   05_download_server [ENDPOINT [FOLDER]]
#include <filesystem>
#include <yam/base/text.hpp>
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/relay.hpp>
#include <yam/net/stdio.hpp>

using namespace yam;
using namespace yam::net;

Task<Result<void>> give(Loop& loop, Connection client, std::filesystem::path folder) {
  const auto name = co_await read_message(*client.stream, patience, std::chrono::milliseconds(100));
  if (!name) co_return fail(name.error());
  const bool plain = name->find_first_of(std::string_view("/\0", 2)) == name->npos;
  std::error_code unseen;  // what cannot be looked at is no regular file
  if (!plain || !is_regular_file(symlink_status(folder / *name, unseen)))
    co_return fail(Code::not_found, "there is no file " + yam::quoted(*name));
  auto file = open_file(loop, folder / *name, FileUse::read);
  if (!file) co_return fail(file.error());
  RelayOptions options;
  options.idle = patience;
  const Relayed sent = co_await relay(loop, **file, *client.stream, options);
  if (sent.end != Relayed::End::source_ended) co_return fail(sent.error);
  co_return co_await leave(*client.stream);
}

Task<Result<void>> host(Loop& loop, Words words) {
  const auto converse = [&](Connection client) { return give(loop, std::move(client), words.at(1, ".")); };
  co_return co_await serve_each(loop, words.at(0, "127.0.0.1:7890"), converse);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
