// Row 7, waiting: whoever asks for / gets one page. Just enough HTTP/1.1 to read it with a browser.
//   07_http_get_server [ENDPOINT [FILE]]
#include <yam/net/conversation.hpp>
#include <yam/net/frame_reader.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/stdio.hpp>

using namespace yam;
using namespace yam::net;

constexpr std::size_t page_bytes_max = 16 << 20;
constexpr std::size_t head_bytes_max = 8192;

Task<Result<void>> give(Connection client, std::string page) {
  FrameReader heads(*client.stream, *wire::parse_frame_kind("delimiter:\\r\\n\\r\\n"), head_bytes_max);
  const auto head = co_await heads.next(after(client.stream->read_watch().loop().now(), patience));
  if (!head) co_return fail(head.error());
  if (!*head) co_return Result<void>();  // it closed without a question
  show((*head)->substr(0, (*head)->find("\r\n")));
  const bool known = (*head)->starts_with("GET / HTTP/1.");
  const std::string body = known ? page : "There is only / here.\n";
  std::string answer = known ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 404 Not Found\r\n";
  answer += "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
  co_return co_await leave(*client.stream, answer + body);
}

Task<Result<void>> host(Loop& loop, Words words) {
  auto file = open_file(loop, words.at(1, "index.html"), FileUse::read);
  if (!file) co_return fail(file.error());
  const auto page = co_await read_to_end(**file, page_bytes_max);
  if (!page) co_return fail(page.error());
  const auto converse = [&](Connection client) { return give(std::move(client), *page); };
  co_return co_await serve_each(loop, words.at(0, "127.0.0.1:80"), converse);
}

int main(int count, char** values) {
  return run_program(count, values, host);
}
