#pragma once
// What is the server's own and no file's, beneath "/.yam/": the page's files, and QR codes of its addresses.

#include <string_view>

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// Answers a request for `name` there ("qr.svg"), whatever its method.
void answer_own(HttpServer& server, HttpExchange& exchange, std::string_view name);

}  // namespace yam::service
