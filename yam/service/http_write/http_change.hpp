#pragma once
// What is in the served folder, changed by WebDAV's methods: MKCOL, MOVE (RFC 4918 §9.3, §9.9) and DELETE.
// Who may has been asked already. All references outlive the tasks.

#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/http_server/http_path.hpp"

namespace yam::service {

class HttpServer;

// 201; 405 when the name is taken, 409 when what it should be in is missing.
void answer_make_folder(HttpServer& server, HttpExchange& exchange, const HttpPath& path);

// To `Destination`, on this server; over what is there only as Overwrite says (T when it says nothing) and
// the policy allows. 201, or 204 when something was replaced; 412 when it may not be.
void answer_move(HttpServer& server, HttpExchange& exchange, const HttpPath& path);

// 204. A folder goes with all that is in it.
net::Task<Result<>> answer_delete(HttpServer& server, HttpExchange& exchange, HttpPath path);

}  // namespace yam::service
