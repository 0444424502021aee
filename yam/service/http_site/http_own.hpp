#pragma once
// What is the server's own and no file's, beneath "/.yam/": the page's files, and QR codes of its addresses.

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// Answers a request whose path begins with http_own_prefix, whatever its method.
void answer_own(HttpServer& server, HttpExchange& exchange);

}  // namespace yam::service
