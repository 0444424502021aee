#include "yam/service/http_send/send_input.hpp"

#include <array>

#include "yam/service/http_send/arrival.hpp"
#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

namespace {

constexpr std::size_t input_piece_bytes = 128 * 1024;

}  // namespace

bool SendInput::begin(HttpExchange& exchange) {
  if (state_ == State::being_read) {
    answer_in_words(exchange, 503, "somebody else is receiving this, and it can be sent only once");
    return false;
  }
  if (state_ == State::read) {
    answer_in_words(exchange, 410, "this went out already, and can be sent only once");
    return false;
  }
  const std::array fields{proto::http::Field{"Content-Type", "application/octet-stream"},
                          proto::http::Field{"Cache-Control", "no-store"},
                          proto::http::Field{"X-Content-Type-Options", "nosniff"}};
  proto::http::Answer answer;
  answer.fields = fields;
  exchange.begin(answer);
  if (exchange.is_head()) {
    exchange.finish();
    return false;
  }
  state_ = State::being_read;
  return true;
}

net::Task<Result<>> SendInput::copy(HttpExchange& exchange) {
  auto copying = copy_all(exchange);
  auto outcome = co_await std::move(copying);
  state_ = State::read;
  co_return outcome;
}

net::Task<Result<>> SendInput::copy_all(HttpExchange& exchange) {
  Bytes piece(input_piece_bytes);
  for (;;) {
    const auto count = co_await stream_->read(piece);
    if (!count) co_return fail(Code::local, "cannot read stdin: " + count.error().what);
    if (*count > 0) exchange.put(text_of(ByteView(piece).first(*count)));
    if (*count == 0) exchange.finish();
    auto flushing = exchange.flush();
    if (auto flushed = co_await std::move(flushing); !flushed)
      co_return fail(Code::network, flushed.error().what);
    if (*count > 0) continue;
    auto arriving = has_arrived(exchange.visit());
    const bool arrived = co_await std::move(arriving);
    if (!arrived) co_return fail(Code::network, std::string(did_not_arrive));
    co_return Result<>();
  }
}

}  // namespace yam::service
