#pragma once
// What stdin gives, as an answer of unknown length. It can be read once: a second receiver is refused, with
// 503 while the first one reads and with 410 afterwards, whether that one got it all or not.

#include <cstdint>
#include <memory>

#include "yam/net/stream.hpp"
#include "yam/service/http_server/http_exchange.hpp"

namespace yam::service {

class SendInput {
 public:
  explicit SendInput(std::unique_ptr<net::Stream> stream) : stream_(std::move(stream)) {}

  // Begins the answer: true when copy() is to give its content. HEAD, and who comes too late, need no more.
  bool begin(HttpExchange& exchange);

  // All of it, until it has arrived. Code::local when stdin cannot be read.
  net::Task<Result<>> copy(HttpExchange& exchange);

 private:
  enum class State : std::uint8_t { unread, being_read, read };

  net::Task<Result<>> copy_all(HttpExchange& exchange);

  std::unique_ptr<net::Stream> stream_;
  State state_ = State::unread;
};

}  // namespace yam::service
