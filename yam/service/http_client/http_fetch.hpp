#pragma once
// One request with all that a person means by it: fields and secrets of his own, cookies, and the redirects
// that lead to what he asked for. Secrets stay with the origin that they are for, and TLS is never left
// behind unasked.

#include <functional>
#include <optional>

#include "yam/service/http_client/basic_credentials.hpp"
#include "yam/service/http_client/cookie_jar.hpp"
#include "yam/service/http_client/http_client.hpp"

namespace yam::service {

// What goes with every request of a run.
struct HttpWish {
  static constexpr unsigned redirects_default = 10;
  static constexpr unsigned redirects_max_max = 50;

  std::vector<HttpField> fields;         // Authorization, Cookie: for the first origin alone
  std::optional<BasicCredentials> user;  // for the first origin alone
  std::optional<Netrc> netrc;            // for each host that it names
  CookieJar* cookies = nullptr;          // null: none are taken or sent
  unsigned redirects_max = redirects_default;
  // Shown each final or redirecting head as it comes; may be empty.
  std::function<void(const HttpHead& head)> on_head;
};

// How a request went, also when it failed.
struct HttpTrip {
  HttpReached reached = HttpReached::nothing;
  HttpUrl url;  // where it ended
  unsigned redirects = 0;
};

// Asks, and follows what leads on (RFC 9110 §15.4). Gives the connection behind the head of an answer that
// leads nowhere, whatever its status. Code::refused for a way that must not be taken: from https to http, to
// another scheme, or too long. `wish` and `trip` outlive the task. For GET and HEAD.
net::Task<Result<std::unique_ptr<HttpConnection>>> http_fetch(HttpClient& client, HttpWish& wish,
                                                              HttpRequest request, HttpTrip& trip);

// `request` as http_fetch sends it; `is_home`: to the origin that our secrets are for.
HttpRequest dressed(const HttpRequest& request, const HttpWish& wish, bool is_home);

// What else those do who ask otherwise. Shows a head, and keeps its cookies:
void http_heed(HttpWish& wish, const HttpUrl& url, const HttpHead& head);
// Where a head leads to, if it leads on. Code::refused for what must not be followed.
bool http_leads_on(const HttpHead& head);
Result<HttpUrl> http_next_url(const HttpUrl& from, const HttpHead& head);

// `wish` for who is not the first origin.
HttpWish without_secrets(HttpWish wish);

// A status that is not what was hoped for: Code::refused, "URL: 404 Not Found".
Error http_refusal(const HttpUrl& url, const HttpHead& head);

}  // namespace yam::service
