#pragma once
// PUT (RFC 9110 §9.3.4): a file appears whole or not at all, on the disk before it is answered, and never
// over another that the policy or the request's conditions protect. The answer is a receipt.

#include <string>

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// `name` beneath the served folder. Who may write has been asked already. Both references outlive the task.
net::Task<Result<>> answer_put(HttpServer& server, HttpExchange& exchange, std::string name);

}  // namespace yam::service
