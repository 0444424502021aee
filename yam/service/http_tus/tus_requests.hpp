#pragma once
// What a client asks of an upload that is there, at /.yam/uploads/<id>: where it stands (HEAD), to take more
// (PATCH), to go (DELETE), and for its receipt (GET).

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// Who may write has been asked already. Both references outlive the task.
net::Task<Result<>> answer_tus_request(HttpServer& server, HttpExchange& exchange);

}  // namespace yam::service
