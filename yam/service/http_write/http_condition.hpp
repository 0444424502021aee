#pragma once
// The conditions under which a request may change what has a name (RFC 9110 §13).

#include <string>

namespace yam::service {

class HttpExchange;
class HttpServer;

// Whether what is there now is what the request wants to find. A request without conditions wants nothing.
bool meets_conditions(HttpServer& server, const HttpExchange& exchange, const std::string& name);

// Whether it wants to find nothing: "If-None-Match: *".
bool wants_free_name(const HttpExchange& exchange);
// Whether it wants to find one version and no other: whoever comes in between must not be overwritten.
bool wants_one_version(const HttpExchange& exchange);

}  // namespace yam::service
