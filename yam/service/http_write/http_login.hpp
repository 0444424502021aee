#pragma once
// The page on which a browser shows the token once and gets a cookie for it. It needs no script.

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

inline constexpr std::string_view http_login_path = "/.yam/login";

// How long a wrong token waits for its answer: whoever tries them all gets few.
inline constexpr Duration wrong_token_pause = std::chrono::seconds(1);

// GET: the form; `?next=/folder/` is where it leads. POST: `token` and `next`, as a form sends them. Both
// references outlive the task.
net::Task<Result<>> answer_login(HttpServer& server, HttpExchange& exchange);

}  // namespace yam::service
