// Row 7, calling: GET over HTTP/1.1; the head is shown, the body saved, unless it was cut.
//   07_http_get_client [http://HOST[:PORT]/PATH [FILE]]
#include <cstring>
#include <ranges>
#include <yam/base/address/authority.hpp>
#include <yam/base/address/url.hpp>
#include <yam/net/conversation.hpp>
#include <yam/net/message.hpp>
#include <yam/net/program.hpp>
#include <yam/net/stdio.hpp>
using namespace yam;
using namespace yam::net;
constexpr std::size_t answer_bytes_max = 64 << 20;

Task<Result<void>> get(Loop& loop, Words words) {
  const auto url = Url::parse(words.at(0, "http://127.0.0.1/"));
  if (!url) co_return fail(url.error());
  auto server = co_await call(loop, authority_to_string(url->host, url->port.value_or(80)));
  if (!server) co_return fail(server.error());
  const std::string host = "Host: " + authority_to_string(url->host, url->port) + "\r\n";
  const std::string request = "GET " + url->target() + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n";
  const auto asked = co_await say(*server->stream, request);
  if (!asked) co_return fail(asked.error());
  const auto answer = co_await read_to_end(*server->stream, answer_bytes_max);
  if (!answer) co_return fail(answer.error());
  const std::size_t gap = answer->find("\r\n\r\n");
  const std::string head = answer->substr(0, gap);
  const std::string body = gap == answer->npos ? "" : answer->substr(gap + 4);
  const char* length = ::strcasestr(head.c_str(), "\r\nContent-Length:");
  if (gap == answer->npos || (length && std::strtoull(length + 17, nullptr, 10) != body.size()))
    co_return fail(Code::protocol, "the answer is no HTTP, or was cut");
  for (const auto line : std::views::split(head, std::string_view("\r\n")))
    show(std::string_view(line));
  auto file = open_file(loop, words.at(1, "page"), FileUse::write);
  if (!file) co_return fail(file.error());
  co_return co_await say(**file, body);
}
int main(int count, char** values) {
  return run_program(count, values, get);
}
