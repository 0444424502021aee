#include "yam/service/http_write/http_writing.hpp"

#include <algorithm>
#include <array>

#include "yam/proto/http/field/list.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_tus/tus_creation.hpp"
#include "yam/service/http_write/http_change.hpp"
#include "yam/service/http_write/http_condition.hpp"
#include "yam/service/http_write/http_form.hpp"
#include "yam/service/http_write/http_login.hpp"
#include "yam/service/http_write/http_put.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::string_view reading_methods = "GET, HEAD, OPTIONS";
constexpr std::string_view adding_methods = "GET, HEAD, OPTIONS, PUT, POST, MKCOL";
constexpr std::string_view all_methods = "GET, HEAD, OPTIONS, PUT, POST, MKCOL, MOVE, DELETE";

std::string_view methods_of(WritePolicy policy) {
  switch (policy) {
    case WritePolicy::off:
      return reading_methods;
    case WritePolicy::create:
    case WritePolicy::number:
      return adding_methods;
    case WritePolicy::replace:
      break;
  }
  return all_methods;
}

bool is_among(std::string_view method, std::string_view methods) {
  proto::http::ListReader list(methods);
  while (const auto each = list.next())
    if (*each == method) return true;
  return false;
}

void answer_not_allowed(HttpExchange& exchange, std::string_view methods) {
  const std::array fields{Field{"Allow", methods}, Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = 405;
  answer.fields = fields;
  exchange.answer(answer, "this method is not allowed here\n");
}

// A browser would ask for a name and a password in a window of its own, where our page asks better.
void answer_login_due(HttpExchange& exchange) {
  const bool is_browser = exchange.request().fields.find("Sec-Fetch-Mode").has_value();
  const std::array fields{
      Field{"WWW-Authenticate", is_browser ? "Bearer" : "Basic realm=\"yam\", charset=\"UTF-8\", Bearer"},
      Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = 401;
  answer.fields = fields;
  exchange.answer(answer, "this wants a token: as a Bearer, as the password of Basic, or by /.yam/login\n");
}

}  // namespace

bool is_writing_method(std::string_view method) {
  return is_among(method, all_methods) && !is_among(method, reading_methods);
}

std::string_view allowed_methods(const HttpServer& server, const HttpExchange& exchange, bool& is_login_due) {
  const WritePolicy policy = server.settings().write;
  is_login_due = false;
  if (policy == WritePolicy::off) return reading_methods;
  const MayWrite may = server.access().judge(exchange.request(), exchange.visit().peer_address());
  is_login_due = may == MayWrite::without_token || may == MayWrite::wrong_token;
  return may == MayWrite::yes ? methods_of(policy) : reading_methods;
}

net::Task<bool> may_write(HttpServer& server, HttpExchange& exchange) {
  const MayWrite may = server.access().judge(exchange.request(), exchange.visit().peer_address());
  if (may == MayWrite::yes) co_return true;
  if (may == MayWrite::wrong_token) co_await server.hosting().loop.sleep_for(wrong_token_pause);
  if (may == MayWrite::from_elsewhere) {
    answer_in_words(exchange, 403, "another site asks for this");
  } else {
    answer_login_due(exchange);
  }
  co_return false;
}

net::Task<Result<>> answer_writing(HttpServer& server, HttpExchange& exchange, HttpPath path) {
  const auto& request = exchange.request();
  const std::string_view methods = methods_of(server.settings().write);
  if (!is_among(request.method, methods)) {
    answer_not_allowed(exchange, methods);
    co_return Result<>();
  }
  auto judging = may_write(server, exchange);
  const bool may = co_await std::move(judging);
  if (!may) co_return Result<>();
  if (request.method == "MKCOL") {
    answer_make_folder(server, exchange, path);
    co_return Result<>();
  }
  const bool is_change = request.method == "MOVE" || request.method == "DELETE";
  if (is_change && !meets_conditions(server, exchange, path.name)) {
    answer_in_words(exchange, 412, "it is not as it was expected");
    co_return Result<>();
  }
  if (request.method == "MOVE") {
    answer_move(server, exchange, path);
    co_return Result<>();
  }
  if (request.method == "DELETE") {
    auto deleting = answer_delete(server, exchange, std::move(path));
    co_return co_await std::move(deleting);
  }
  if (path.is_folder != (request.method == "POST")) {
    answer_in_words(exchange, 405, "PUT wants the name of a file, and POST that of a folder");
    co_return Result<>();
  }
  if (request.method == "PUT") {
    auto putting = answer_put(server, exchange, std::move(path.name));
    co_return co_await std::move(putting);
  }
  if (is_tus(exchange)) {
    auto creating = answer_tus_creation(server, exchange, std::move(path.name));
    co_return co_await std::move(creating);
  }
  auto uploading = answer_form_upload(server, exchange, std::move(path.name));
  co_return co_await std::move(uploading);
}

}  // namespace yam::service
