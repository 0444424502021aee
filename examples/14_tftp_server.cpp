// Row 14, waiting: give the files of FOLDER by TFTP in octet mode, 512 bytes at a time (RFC 1350). Each
// sender is a stream of messages; ask() repeats a block until its acknowledgement has come.
//   14_tftp_server [ENDPOINT [FOLDER]]
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/stdio.hpp>
#include <yam/wire/reader.hpp>
#include <yam/wire/writer.hpp>
using namespace yam;
using namespace yam::net;
Task<Result<void>> give(Loop& loop, Connection client, std::string folder) {
  const auto request = co_await read_message(*client.stream);
  if (!request) co_return fail(request.error());
  wire::Reader fields(bytes_of(*request));
  if (fields.u16() != 1) co_return fail(Code::protocol, "that is no read request");
  const std::string name(fields.c_string(255).value_or("/"));
  const bool plain = name.find('/') == name.npos;
  auto file = plain ? open_file(loop, folder + "/" + name, FileUse::read) : fail(Code::refused, "led away");
  if (!file) co_return co_await say(*client.stream, std::string("\0\5\0\1File not found", 19));
  const auto contents = co_await read_to_end(**file, 32 << 20);
  if (!contents) co_return fail(contents.error());
  for (std::size_t at = 0, number = 1; at <= contents->size(); at += 512, ++number) {
    Bytes block, acknowledgement;
    const std::string_view data = std::string_view(*contents).substr(at, 512);
    wire::Writer(block, 516).u16(3).u16(number & 0xffff).bytes(bytes_of(data));
    wire::Writer(acknowledgement, 4).u16(4).u16(number & 0xffff);
    const auto fits = [&](std::string_view heard) { return heard == text_of(acknowledgement); };
    const auto acknowledged = co_await ask(*client.stream, string_of(block), fits);
    if (!acknowledged) co_return fail(acknowledged.error());
  }
  co_return Result<void>();
}
Task<Result<void>> host(Loop& loop, Words words) {
  const auto converse = [&](Connection client) { return give(loop, std::move(client), words.at(1, ".")); };
  co_return co_await serve_each(loop, words.at(0, "udp://127.0.0.1:69"), converse);
}
int main(int count, char** values) {
  return run_program(count, values, host);
}
