#pragma once
// Files that come in a form (multipart/form-data, RFC 7578), as browsers without scripts and `curl -F` send
// them: each appears by itself, whole or not at all. Who may write has been asked already.

#include <string>

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// Into the folder `name` beneath the served one, "" for that itself. The answer has a receipt for each, or
// leads a browser back to the folder. Both references outlive the task.
net::Task<Result<>> answer_form_upload(HttpServer& server, HttpExchange& exchange, std::string name);

}  // namespace yam::service
