#include "yam/service/http_write/http_login.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "yam/service/http_server/http_query.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_page.hpp"
#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::size_t form_bytes_max = 16 * 1024;

// Only a path of this server: never another one ("//elsewhere").
std::string next_of(const HttpQuery& form) {
  std::string next = form.value("next").value_or("/");
  const auto is_visible = [](char c) { return c > ' ' && c != '\x7F'; };  // browsers leave tabs out
  const bool is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') &&
                       std::ranges::all_of(next, is_visible);
  return is_path ? next : "/";
}

void answer_form(HttpExchange& exchange, std::uint16_t status, std::string_view next,
                 std::string_view words) {
  const std::string page = fmt::format(
      R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>yam</title>
<link rel="stylesheet" href="/.yam/page.css">
<link rel="stylesheet" href="/.yam/parts.css">
<main class="login">
<h1>yam</h1>
<p>{}</p>
<form method="post" action="{}">
<input type="hidden" name="next" value="{}">
<label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button class="wide main">Go on</button>
</form>
</main>
</html>
)",
      words, http_login_path, html_escaped(next));
  const std::array fields{
      Field{"Content-Type", "text/html; charset=utf-8"}, Field{"Cache-Control", "no-store"},
      Field{"Content-Security-Policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"}};
  Answer answer;
  answer.status = status;
  answer.fields = fields;
  exchange.answer(answer, page);
}

void answer_welcome(HttpServer& server, HttpExchange& exchange, const std::string& next) {
  const std::string cookie = fmt::format("yam={}; Path=/; HttpOnly; SameSite=Strict{}",
                                         server.access().cookie(), server.is_secure() ? "; Secure" : "");
  const std::array fields{Field{"Location", next}, Field{"Set-Cookie", cookie},
                          Field{"Cache-Control", "no-store"}};
  Answer answer;
  answer.status = 303;
  answer.fields = fields;
  exchange.answer(answer, "");
}

net::Task<Result<std::string>> read_form(HttpExchange& exchange) {
  std::string form;
  for (;;) {
    auto reading = exchange.read_content();
    const auto piece = co_await std::move(reading);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return form;
    if (form.size() + piece->size() > form_bytes_max) co_return fail(Code::refused, "a long form");
    form += text_of(*piece);
  }
}

}  // namespace

net::Task<Result<>> answer_login(HttpServer& server, HttpExchange& exchange) {
  const auto& request = exchange.request();
  if (request.method == "GET" || request.method == "HEAD") {
    answer_form(exchange, 200, next_of(HttpQuery(request.target.query)),
                "Whoever changes files here shows a token.");
    co_return Result<>();
  }
  if (request.method != "POST") {
    answer_in_words(exchange, 405, "this method is not allowed here");
    co_return Result<>();
  }
  auto reading = read_form(exchange);
  const auto text = co_await std::move(reading);
  if (!text) {
    if (!exchange.answered()) answer_in_words(exchange, 413, "the form is too long");
    co_return Result<>();
  }
  const HttpQuery form(*text);
  const std::string next = next_of(form);
  if (server.access().is_token(form.value("token").value_or(""))) {
    answer_welcome(server, exchange, next);
    co_return Result<>();
  }
  co_await server.hosting().loop.sleep_for(wrong_token_pause);
  answer_form(exchange, 403, next, "This is not the token.");
  co_return Result<>();
}

}  // namespace yam::service
