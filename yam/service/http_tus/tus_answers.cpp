#include "yam/service/http_tus/tus_answers.hpp"

#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

namespace {

using proto::http::Field;
using proto::tus::SentField;

void answer_tus_words(HttpExchange& exchange, std::uint16_t status, std::vector<SentField> fields,
                      std::string_view words) {
  fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
  answer_tus(exchange, status, fields, std::string(words) + "\n");
}

}  // namespace

proto::tus::ServerLimits tus_limits(const HttpServer& server) {
  return {.size_max = server.hosting().limits.max_bytes};
}

proto::tus::Upload tus_upload(const store::UploadState& state) {
  proto::tus::Upload upload{.offset = state.offset, .length = state.record.length};
  upload.metadata = state.record.metadata;
  upload.expires = state.record.expires;
  if (auto concatenation = proto::tus::parse_concatenation(state.record.concatenation))
    upload.concatenation = std::move(*concatenation);
  return upload;
}

std::optional<std::uint64_t> content_length(const HttpExchange& exchange) {
  const auto& framing = exchange.request().framing;
  if (framing.body == proto::http::Body::length) return framing.length_bytes;
  return framing.body == proto::http::Body::none ? std::optional<std::uint64_t>(0) : std::nullopt;
}

void answer_tus(HttpExchange& exchange, std::uint16_t status, const std::vector<SentField>& fields,
                std::string_view content) {
  std::vector<Field> views;
  for (const auto& sent : fields)
    views.push_back({sent.name, sent.value});
  proto::http::Answer answer;
  answer.status = status;
  answer.fields = views;
  exchange.answer(answer, content);
}

void answer_tus_refusal(const HttpServer& server, HttpExchange& exchange,
                        const proto::tus::Refusal& refusal) {
  std::vector<SentField> fields{{proto::tus::field::resumable, std::string(proto::tus::version)}};
  if (refusal.status == 412) fields = proto::tus::offer_fields(tus_limits(server));
  answer_tus_words(exchange, refusal.status, std::move(fields), refusal.words);
}

void answer_tus_fault(HttpExchange& exchange, const Error& error) {
  if (exchange.answered()) return;
  const std::vector<SentField> fields{{proto::tus::field::resumable, std::string(proto::tus::version)}};
  switch (error.code) {
    case Code::not_found:
      return answer_tus_words(exchange, 404, fields, "there is no such upload, or no folder for it");
    case Code::refused:
      return answer_tus_words(exchange, 409, fields, "there is something of that name, and it stays");
    case Code::usage:
      return answer_tus_words(exchange, 400, fields, "this is not the name of a file");
    case Code::timeout:
      return answer_tus_words(exchange, 503, fields, "too many files are on their way");
    default:
      return answer_tus_words(exchange, 507, fields, "the file cannot be written");
  }
}

}  // namespace yam::service
