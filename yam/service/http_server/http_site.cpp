#include "yam/service/http_server/http_site.hpp"

#include <array>

#include "yam/service/http_server/http_file.hpp"
#include "yam/service/http_server/http_folder.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_server/http_types.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::string_view reading_methods = "GET, HEAD, OPTIONS";

void answer_moved(HttpExchange& exchange, const std::string& location) {
  const std::array fields{Field{"Location", location}, Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = 301;
  answer.fields = fields;
  exchange.answer(answer, "it is a folder\n");
}

void answer_not_allowed(HttpExchange& exchange) {
  const std::array fields{Field{"Allow", reading_methods},
                          Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = 405;
  answer.fields = fields;
  exchange.answer(answer, "this method is not allowed here\n");
}

void answer_options(HttpExchange& exchange) {
  const std::array fields{Field{"Allow", reading_methods}};
  Answer answer;
  answer.status = 204;
  answer.fields = fields;
  exchange.begin(answer);
  exchange.finish();
}

}  // namespace

net::Task<Result<>> answer_request(HttpServer& server, HttpExchange& exchange) {
  const auto& request = exchange.request();
  if (request.method == "OPTIONS") {
    answer_options(exchange);
    co_return Result<>();
  }
  if (request.method != "GET" && request.method != "HEAD") {
    answer_not_allowed(exchange);
    co_return Result<>();
  }
  auto path = read_http_path(request.target.path);
  if (!path) {
    answer_fault(exchange, path.error());
    co_return Result<>();
  }
  if (path->is_folder) {
    auto answering = answer_with_folder(server, exchange, std::move(path->name));
    co_return co_await std::move(answering);
  }
  auto file = server.folder().open_file(path->name);
  if (!file) {
    if (file.error().code == Code::refused && server.folder().open_folder(path->name)) {
      answer_moved(exchange, write_http_path(path->name, true));
    } else {
      answer_fault(exchange, file.error());
    }
    co_return Result<>();
  }
  auto answering = answer_with_file(exchange, std::move(*file), media_type_of(path->name), server.date());
  co_return co_await std::move(answering);
}

void answer_in_words(HttpExchange& exchange, std::uint16_t status, std::string_view words) {
  const std::array fields{Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = status;
  answer.fields = fields;
  exchange.answer(answer, std::string(words) + "\n");
}

void answer_fault(HttpExchange& exchange, const Error& error) {
  switch (error.code) {
    case Code::not_found:
      return answer_in_words(exchange, 404, "there is no such file");
    case Code::refused:
      return answer_in_words(exchange, 403, "this is not given out");
    case Code::usage:
      return answer_in_words(exchange, 400, "this is not the name of a file");
    default:
      return answer_in_words(exchange, 503, "the server cannot read this now");
  }
}

}  // namespace yam::service
