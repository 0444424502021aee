#pragma once
// A folder as an answer to GET and HEAD: its index.html where there is one, else what it holds.

#include <string>

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// `name` beneath the served folder, "" for that itself. Both references outlive the task.
net::Task<Result<>> answer_with_folder(HttpServer& server, HttpExchange& exchange, std::string name);

}  // namespace yam::service
