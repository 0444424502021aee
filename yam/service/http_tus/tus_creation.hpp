#pragma once
// POST to a folder, to create an upload (tus 1.0.0: Creation, Creation With Upload, Concatenation).

#include <string>

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// Whether a request is tus's and no form's.
bool is_tus(const HttpExchange& exchange);

// `folder` beneath the served one, "" for that itself. Who may write has been asked already. The file's name
// is the metadata's `filename`, which may have folders before it: they are made. Both references outlive the
// task.
net::Task<Result<>> answer_tus_creation(HttpServer& server, HttpExchange& exchange, std::string folder);

}  // namespace yam::service
