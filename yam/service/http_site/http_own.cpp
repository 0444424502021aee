#include "yam/service/http_site/http_own.hpp"

#include <array>

#include "yam/base/qr_code.hpp"
#include "yam/service/http_server/http_query.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_site/http_web.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::string_view picture_policy = "default-src 'none'";

// Whether `url` is an address of this very server, by the name that the request used for it.
bool is_own_url(const proto::http::RequestHead& request, std::string_view url) {
  const std::string_view host = request.fields.find("Host").value_or("");
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    return !host.empty() && rest.starts_with(host) && rest.substr(host.size()).starts_with('/');
  }
  return false;
}

// An address of this server, for the camera of a telephone.
void answer_with_qr_code(HttpExchange& exchange) {
  const auto& request = exchange.request();
  const std::string url = HttpQuery(request.target.query).value("text").value_or("");
  if (!is_own_url(request, url)) return answer_in_words(exchange, 400, "this is no address of this server");
  const auto code = QrCode::make(url);
  if (!code) return answer_in_words(exchange, 400, "too long an address for a QR code");
  const std::array fields{Field{"Content-Type", "image/svg+xml"}, Field{"Cache-Control", "no-store"},
                          Field{"X-Content-Type-Options", "nosniff"},
                          Field{"Content-Security-Policy", picture_policy}};
  Answer answer;
  answer.fields = fields;
  exchange.answer(answer, qr_svg(*code));
}

}  // namespace

void answer_own(HttpServer& server, HttpExchange& exchange, std::string_view name) {
  const auto& request = exchange.request();
  if (request.method != "GET" && request.method != "HEAD")
    return answer_in_words(exchange, 404, "there is nothing that takes this");
  if (name == "qr.svg") return answer_with_qr_code(exchange);
  answer_with_web_file(exchange, name, server.date());
}

}  // namespace yam::service
