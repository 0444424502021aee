#include "yam/service/http_write/http_condition.hpp"

#include "yam/proto/http/field/condition.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_file.hpp"

namespace yam::service {

bool meets_conditions(HttpServer& server, const HttpExchange& exchange, const std::string& name) {
  const auto& request = exchange.request();
  const auto present = server.folder().open_file(name);
  proto::http::Validators now;
  std::string tag;
  now.exists = present || present.error().code != Code::not_found;
  if (present) {
    tag = entity_tag_of(*present);
    now.tag = proto::http::parse_entity_tag(tag);
    now.coded_too = true;
    now.modified = std::chrono::floor<std::chrono::seconds>(present->mtime);
  }
  return judge(request.method, request.fields, now, server.date()) != proto::http::Verdict::failed;
}

bool wants_free_name(const HttpExchange& exchange) {
  return exchange.request().fields.find("If-None-Match") == "*";
}

bool wants_one_version(const HttpExchange& exchange) {
  const auto& fields = exchange.request().fields;
  return fields.count("If-Match") > 0 || fields.count("If-Unmodified-Since") > 0;
}

}  // namespace yam::service
