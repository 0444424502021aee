#include "yam/service/http_write/http_change.hpp"

#include <optional>

#include "yam/proto/http/syntax.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

namespace {

void answer_without_content(HttpExchange& exchange, std::uint16_t status) {
  proto::http::Answer answer;
  answer.status = status;
  if (status != 204) answer.content_bytes = 0;
  exchange.begin(answer);
  exchange.finish();
}

bool has_content(const HttpExchange& exchange) {
  return exchange.request().framing.body != proto::http::Body::none;
}

// Absent when it is not on this server, or no path at all.
std::optional<HttpPath> destination_of(const proto::http::RequestHead& request) {
  const auto value = request.fields.only("Destination");
  if (!value) return std::nullopt;
  const auto target = proto::http::parse_target("GET", *value);
  if (!target) return std::nullopt;
  const bool is_here = target->form == proto::http::TargetForm::origin ||
                       (proto::http::same_word(target->host.name, request.host.name) &&
                        target->host.port == request.host.port);
  if (!is_here) return std::nullopt;
  auto path = read_http_path(target->path);
  return path && !path->name.empty() ? std::optional(std::move(*path)) : std::nullopt;
}

}  // namespace

void answer_make_folder(HttpServer& server, HttpExchange& exchange, const HttpPath& path) {
  if (has_content(exchange))
    return answer_in_words(exchange, 415, "a folder is made without a description");  // RFC 4918 §9.3
  if (path.name.empty()) return answer_in_words(exchange, 405, "it is there already");
  const auto made = server.folder().make_folder(path.name);
  if (made && *made) return answer_without_content(exchange, 201);
  if (made) return answer_in_words(exchange, 405, "it is there already");
  if (made.error().code == Code::not_found)
    return answer_in_words(exchange, 409, "there is no folder for it");
  answer_fault(exchange, made.error());
}

void answer_move(HttpServer& server, HttpExchange& exchange, const HttpPath& path) {
  const auto to = destination_of(exchange.request());
  if (!to || path.name.empty())
    return answer_in_words(exchange, 400, "a move wants another name on this server as Destination");
  const bool may_overwrite = exchange.request().fields.find("Overwrite").value_or("T") != "F";
  const auto renamed = server.folder().rename(path.name, to->name, may_overwrite);
  if (!renamed) return answer_fault(exchange, renamed.error());
  switch (*renamed) {
    case store::Renamed::to_free_name:
      return answer_without_content(exchange, 201);
    case store::Renamed::over_another:
      return answer_without_content(exchange, 204);
    case store::Renamed::not_at_all:
      return answer_in_words(exchange, 412, "there is something of that name already");
  }
}

net::Task<Result<>> answer_delete(HttpServer& server, HttpExchange& exchange, HttpPath path) {
  if (path.name.empty()) {
    answer_in_words(exchange, 403, "the served folder itself stays");
    co_return Result<>();
  }
  if (!path.is_folder) {
    const auto removed = server.folder().remove_file(path.name);
    removed ? answer_without_content(exchange, 204) : answer_fault(exchange, removed.error());
    co_return Result<>();
  }
  auto removal = server.folder().remove_tree(path.name);
  if (!removal) {
    answer_fault(exchange, removal.error());
    co_return Result<>();
  }
  for (;;) {
    const auto more = removal->remove_some();
    if (!more) {
      answer_fault(exchange, more.error());
      co_return Result<>();
    }
    if (!*more) break;
    co_await server.hosting().loop.yield();
  }
  answer_without_content(exchange, 204);
  co_return Result<>();
}

}  // namespace yam::service
