#pragma once
// What there is at an HTTP service: which request gets which answer.

#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class HttpServer;

// Answers one request, with what is in the served folder. Both outlive the task. A fault: the answer is not
// whole, or the peer was told already.
net::Task<Result<>> answer_request(HttpServer& server, HttpExchange& exchange);

// Another site at that place, of which no folder is served (Offer::site).
class HttpSite {
 public:
  // As answer_request(); the site outlives the task, too.
  virtual net::Task<Result<>> answer(HttpServer& server, HttpExchange& exchange) = 0;

 protected:
  ~HttpSite() = default;
};

// Short answers in words: a line of text.
void answer_in_words(HttpExchange& exchange, std::uint16_t status, std::string_view words);
// What a fault of the store is to a peer: 404, 403, 400, 503 (out of descriptors) or 500.
void answer_fault(HttpExchange& exchange, const Error& error);

}  // namespace yam::service
