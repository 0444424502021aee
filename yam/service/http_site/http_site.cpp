#include "yam/service/http_site/http_site.hpp"

#include <array>
#include <vector>

#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_digests.hpp"
#include "yam/service/http_site/http_file.hpp"
#include "yam/service/http_site/http_folder.hpp"
#include "yam/service/http_site/http_metrics.hpp"
#include "yam/service/http_site/http_own.hpp"
#include "yam/service/http_site/http_types.hpp"
#include "yam/service/http_tus/tus_answers.hpp"
#include "yam/service/http_tus/tus_requests.hpp"
#include "yam/service/http_write/http_login.hpp"
#include "yam/service/http_write/http_writing.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

void answer_moved(HttpExchange& exchange, const std::string& location) {
  const std::array fields{Field{"Location", location}, Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = 301;
  answer.fields = fields;
  exchange.answer(answer, "it is a folder\n");
}

// A challenge besides what is allowed says that a token would allow more (RFC 9110 §11.6.1).
void answer_options(HttpServer& server, HttpExchange& exchange) {
  bool is_login_due = false;
  std::vector fields{Field{"Allow", allowed_methods(server, exchange, is_login_due)}};
  if (is_login_due) fields.push_back({"WWW-Authenticate", "Bearer"});
  std::vector<proto::tus::SentField> offer;
  if (server.settings().write != WritePolicy::off) offer = proto::tus::offer_fields(tus_limits(server));
  for (const auto& sent : offer)
    fields.push_back({sent.name, sent.value});
  Answer answer;
  answer.status = 204;
  answer.fields = fields;
  exchange.begin(answer);
  exchange.finish();
}

net::Task<Result<>> answer_upload(HttpServer& server, HttpExchange& exchange) {
  auto judging = may_write(server, exchange);
  const bool may = co_await std::move(judging);
  if (!may) co_return Result<>();
  auto answering = answer_tus_request(server, exchange);
  co_return co_await std::move(answering);
}

net::Task<Result<>> answer_reading(HttpServer& server, HttpExchange& exchange, HttpPath path) {
  if (path.is_folder) {
    ShownFolder shown(server.folder(), path.name, path.name);
    auto answering = answer_with_folder(server, exchange, std::move(shown));
    co_return co_await std::move(answering);
  }
  const bool is_digest_wanted = exchange.request().fields.count("Want-Repr-Digest") > 0;
  if (const auto* kept = server.small_files().find(server.folder(), path.name)) {
    std::string digest = server.digests().repr_digest(kept->status, is_digest_wanted);
    auto answering = answer_with_file(server, exchange, HttpFileContent(kept->status, kept->content),
                                      media_type_of(path.name), std::move(digest));
    co_return co_await std::move(answering);
  }
  auto file = server.folder().open_file(path.name);
  if (file) {
    server.small_files().note(path.name, *file, server.date());
    std::string digest = server.digests().repr_digest(*file, is_digest_wanted);
    auto answering =
        answer_with_file(server, exchange, std::move(*file), media_type_of(path.name), std::move(digest));
    co_return co_await std::move(answering);
  }
  std::string described(described_file(path.name));
  auto wanted = server.folder().open_file(described);
  if (file.error().code == Code::not_found && wanted) {
    auto answering = answer_with_metalink(server, exchange, std::move(described), std::move(*wanted));
    co_return co_await std::move(answering);
  }
  if (file.error().code == Code::refused && server.folder().open_folder(path.name)) {
    answer_moved(exchange, write_http_path(path.name, true));
  } else {
    answer_fault(exchange, file.error());
  }
  co_return Result<>();
}

}  // namespace

net::Task<Result<>> answer_request(HttpServer& server, HttpExchange& exchange) {
  const auto& request = exchange.request();
  const bool is_reading = request.method == "GET" || request.method == "HEAD";
  if (request.method == "OPTIONS") {
    answer_options(server, exchange);
    co_return Result<>();
  }
  if (is_reading && request.target.path == http_health_path) {
    answer_health(exchange);
    co_return Result<>();
  }
  if (is_reading && request.target.path == http_metrics_path) {
    answer_metrics(exchange);
    co_return Result<>();
  }
  if (request.target.path == http_login_path && server.settings().write != WritePolicy::off) {
    auto answering = answer_login(server, exchange);
    co_return co_await std::move(answering);
  }
  if (request.target.path.starts_with(tus_prefix) && server.settings().write != WritePolicy::off) {
    auto answering = answer_upload(server, exchange);
    co_return co_await std::move(answering);
  }
  if (request.target.path.starts_with(http_own_prefix)) {
    answer_own(server, exchange, request.target.path.substr(http_own_prefix.size()));
    co_return Result<>();
  }
  if (!is_reading && !is_writing_method(request.method)) {
    answer_in_words(exchange, 501, "this method means nothing here");
    co_return Result<>();
  }
  auto path = read_http_path(request.target.path);
  if (!path) {
    answer_fault(exchange, path.error());
    co_return Result<>();
  }
  if (is_reading) {
    auto answering = answer_reading(server, exchange, std::move(*path));
    co_return co_await std::move(answering);
  }
  auto answering = answer_writing(server, exchange, std::move(*path));
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
      return answer_in_words(exchange, 503, "the server cannot do this now");
  }
}

}  // namespace yam::service
