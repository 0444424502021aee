#include "yam/service/http_site/http_web.hpp"

#include <algorithm>
#include <array>

#include "yam/proto/http/field/accept_encoding.hpp"
#include "yam/proto/http/field/condition.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_site/http_types.hpp"

namespace yam::service {

namespace {

constexpr std::array<std::string_view, 1> web_codings{"gzip"};

}  // namespace

void answer_with_web_file(HttpExchange& exchange, std::string_view path, proto::http::Date now) {
  const std::string_view version = web_version();
  const bool is_kept = path.starts_with(version) && path.substr(version.size()).starts_with('/');
  const std::string_view name = is_kept ? path.substr(version.size() + 1) : path;
  const auto file = std::ranges::find(web_files(), name, &WebFile::name);
  if (file == web_files().end()) return answer_in_words(exchange, 404, "there is no such file");

  const auto& request = exchange.request();
  const bool is_small = proto::http::choose_coding(request.fields, web_codings) == web_codings[0];
  const std::string_view tag = is_small ? file->small_tag : file->tag;
  const std::array fields{
      proto::http::Field{"Content-Type", media_type_of(name)},
      proto::http::Field{"ETag", tag},
      proto::http::Field{"Cache-Control", is_kept ? "public, max-age=31536000, immutable" : "no-cache"},
      proto::http::Field{"Vary", "Accept-Encoding"},
      proto::http::Field{"X-Content-Type-Options", "nosniff"},
      proto::http::Field{"Content-Encoding", "gzip"}};
  proto::http::Answer answer;
  answer.fields = std::span(fields).first(fields.size() - (is_small ? 0 : 1));
  proto::http::Validators validators;
  validators.tag = proto::http::parse_entity_tag(tag);
  switch (proto::http::judge(request.method, request.fields, validators, now)) {
    case proto::http::Verdict::not_modified:
      answer.status = 304;
      exchange.begin(answer);
      return exchange.finish();
    case proto::http::Verdict::failed:
      return answer_in_words(exchange, 412, "this is another version");
    default:
      return exchange.answer(answer, is_small ? file->small : file->content);
  }
}

}  // namespace yam::service
