#include "yam/service/http_write/http_put.hpp"

#include <array>

#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_file.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_write/http_condition.hpp"
#include "yam/service/http_write/http_upload.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::string_view not_as_expected = "the file is not as it was expected";

// What stands against the request, before any of its content is read: an answer has been given then.
bool is_put_refused(HttpServer& server, HttpExchange& exchange, const std::string& name,
                    store::NewFileOptions& options, bool& existed) {
  const auto& request = exchange.request();
  if (request.fields.find("Content-Range")) {  // §14.5
    answer_in_words(exchange, 400, "a part of a file cannot be put");
    return true;
  }
  if (request.framing.length_bytes > server.hosting().limits.max_bytes) {
    answer_in_words(exchange, 413, "the file is larger than is taken here");
    return true;
  }
  if (request.framing.length_bytes > server.folder().free_bytes()) {
    answer_in_words(exchange, 507, "there is no room for this file");
    return true;
  }
  if (request.fields.find("Content-Encoding").value_or("identity") != "identity") {
    answer_in_words(exchange, 415, "a file is taken as it is, without a coding");
    return true;
  }
  const auto present = server.folder().open_file(name);
  if (!present && present.error().code != Code::not_found) {
    answer_fault(exchange, present.error());
    return true;
  }
  existed = present.has_value();
  if (existed && wants_one_version(exchange)) options.expected = *present;
  if (!meets_conditions(server, exchange, name)) {
    answer_in_words(exchange, 412, not_as_expected);
    return true;
  }
  if (existed && server.settings().write == WritePolicy::create) {
    answer_in_words(exchange, 409, "there is something of that name, and it stays");
    return true;
  }
  return false;
}

net::Task<Result<>> receive_upload(HttpExchange& exchange, HttpUpload& upload) {
  for (;;) {
    auto reading = exchange.read_content();
    const auto piece = co_await std::move(reading);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return Result<>();
    if (auto added = upload.add(*piece); !added) co_return added;
  }
}

}  // namespace

net::Task<Result<>> answer_put(HttpServer& server, HttpExchange& exchange, std::string name) {
  bool existed = false;
  store::NewFileOptions options;
  options.if_exists = if_exists_of(server.settings().write);
  // One that comes meanwhile stays, if that was the condition.
  if (wants_free_name(exchange)) options.if_exists = store::IfExists::refuse;
  if (is_put_refused(server, exchange, name, options, existed)) co_return Result<>();
  const std::uint64_t promised = exchange.request().framing.length_bytes;
  auto beginning = HttpUpload::begin(server, name, options, promised);
  auto upload = co_await std::move(beginning);
  if (!upload) {
    answer_unwritten(exchange, upload.error());
    co_return Result<>();
  }
  auto receiving = receive_upload(exchange, *upload);
  if (auto received = co_await std::move(receiving); !received) {
    answer_unwritten(exchange, received.error());
    co_return received;
  }
  auto committing = upload->commit();
  const auto receipt = co_await std::move(committing);
  const bool is_conditional = wants_free_name(exchange) || wants_one_version(exchange);
  if (!receipt && receipt.error().code == Code::refused && is_conditional) {
    answer_in_words(exchange, 412, not_as_expected);
    co_return Result<>();
  }
  if (!receipt) {
    answer_unwritten(exchange, receipt.error());
    co_return Result<>();
  }
  const std::string tag = receipt->file ? entity_tag_of(*receipt->file) : std::string();
  const std::string location = write_http_path(receipt->name, false);
  const std::array fields{Field{"Content-Type", "application/json"}, Field{"Location", location},
                          Field{"ETag", tag}};
  Answer answer;
  answer.status = existed && receipt->name == name ? 200 : 201;
  answer.fields = std::span(fields).first(fields.size() - (tag.empty() ? 1 : 0));
  exchange.answer(answer, receipt_text(*receipt) + "\n");
  co_return Result<>();
}

}  // namespace yam::service
