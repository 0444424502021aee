#pragma once
// Requests that change the served folder: whether they may, and who carries them out.

#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/http_server/http_path.hpp"

namespace yam::service {

class HttpServer;

// PUT, POST, MKCOL, MOVE and DELETE.
bool is_writing_method(std::string_view method);

// What this client may do now, for Allow: with policy `new` and `number` nothing that is there changes or
// goes. `is_login_due`: there would be more with a token.
std::string_view allowed_methods(const HttpServer& server, const HttpExchange& exchange, bool& is_login_due);

// Whether this client may change something now; where not, it has been answered: 401, after a while where its
// token was wrong, or 403. Both references outlive the task.
net::Task<bool> may_write(HttpServer& server, HttpExchange& exchange);

// Answers one. Both references outlive the task.
net::Task<Result<>> answer_writing(HttpServer& server, HttpExchange& exchange, HttpPath path);

}  // namespace yam::service
