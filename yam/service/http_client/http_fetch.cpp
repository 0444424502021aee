#include "yam/service/http_client/http_fetch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::service {

namespace http = proto::http;

namespace {

// The page of a redirect; a longer one costs more than a new connection.
constexpr std::uint64_t dropped_bytes_max = 64 * 1024;

http::Date date_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool is_secret(std::string_view name) {
  return http::same_word(name, "Authorization") || http::same_word(name, "Cookie");
}

bool has_field(const std::vector<HttpField>& fields, std::string_view name) {
  return std::ranges::any_of(fields,
                             [&](const HttpField& field) { return http::same_word(field.name, name); });
}

}  // namespace

void http_heed(HttpWish& wish, const HttpUrl& url, const HttpHead& head) {
  if (wish.on_head) wish.on_head(head);
  if (wish.cookies == nullptr) return;
  for (const http::Field& field : head.fields())
    if (http::same_word(field.name, "Set-Cookie"))
      wish.cookies->handle_set_cookie(url, field.value, date_now());
}

bool http_leads_on(const HttpHead& head) {
  const unsigned status = head.status();
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         head.fields().count("Location") == 1;
}

Result<HttpUrl> http_next_url(const HttpUrl& from, const HttpHead& head) {
  const std::string_view location = *head.fields().only("Location");
  auto next = from.resolve(location);
  const std::string words = from.to_string() + " leads to " + quoted(location);
  if (!next) return fail(Code::refused, words + ", which yam does not follow");
  if (from.origin.tls && !next->origin.tls)
    return fail(Code::refused, words + ", without TLS", "ask for that URL itself, if that is what you want");
  return next;
}

HttpRequest dressed(const HttpRequest& request, const HttpWish& wish, bool is_home) {
  HttpRequest sent = request;
  for (const HttpField& field : wish.fields) {
    if (is_secret(field.name) && !is_home) continue;
    std::erase_if(sent.fields, [&](const HttpField& ours) { return http::same_word(ours.name, field.name); });
  }
  for (const HttpField& field : wish.fields)
    if ((is_home || !is_secret(field.name)) && !field.value.empty()) sent.fields.push_back(field);
  std::optional<BasicCredentials> credentials;
  if (is_home) credentials = wish.user;
  if (!credentials && wish.netrc) credentials = wish.netrc->find(sent.url.origin.host);
  if (credentials && !has_field(sent.fields, "Authorization"))
    sent.fields.push_back({"Authorization", credentials->authorization()});
  if (wish.cookies != nullptr && !has_field(sent.fields, "Cookie")) {
    std::string cookies = wish.cookies->cookies_for(sent.url, date_now());
    if (!cookies.empty()) sent.fields.push_back({"Cookie", std::move(cookies)});
  }
  return sent;
}

HttpWish without_secrets(HttpWish wish) {
  std::erase_if(wish.fields, [](const HttpField& field) { return is_secret(field.name); });
  wish.user.reset();
  return wish;
}

net::Task<Result<std::unique_ptr<HttpConnection>>> http_fetch(HttpClient& client, HttpWish& wish,
                                                              HttpRequest request, HttpTrip& trip) {
  const HttpOrigin home = request.url.origin;
  trip.redirects = 0;
  for (;;) {
    trip.url = request.url;
    auto asking = client.ask(dressed(request, wish, request.url.origin == home), trip.reached);
    auto answered = co_await std::move(asking);
    if (!answered) co_return fail(answered.error());
    auto connection = std::move(*answered);
    const HttpHead& head = connection->head();
    http_heed(wish, request.url, head);
    if (!http_leads_on(head)) co_return connection;
    auto next = http_next_url(request.url, head);
    if (!next) co_return fail(next.error());
    if (++trip.redirects > wish.redirects_max)
      co_return fail(Code::refused, "more than " + std::to_string(wish.redirects_max) +
                                        " redirects, the last to " + next->to_string());
    auto dropping = connection->drop_content(dropped_bytes_max);
    const bool dropped = co_await std::move(dropping);
    if (dropped) client.keep(std::move(connection));
    request.url = std::move(*next);
  }
}

Error http_refusal(const HttpUrl& url, const HttpHead& head) {
  std::string what = url.to_string() + ": " + std::to_string(head.status());
  if (!head.reason().empty()) what += " " + escaped(head.reason());
  std::string hint;
  if (head.status() == 401) hint = "--user NAME or --netrc says who you are";
  if (head.status() == 407) hint = "http_proxy=http://NAME:PASSWORD@HOST:PORT/ says who you are";
  return {Code::refused, std::move(what), std::move(hint)};
}

}  // namespace yam::service
