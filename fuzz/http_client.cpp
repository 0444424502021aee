// Anything from a server to a client that has asked: cut anywhere it is the same conversation, no request has
// two answers, and nothing is taken that was not asked for.
//
// The first byte says how large the pieces are, the second what was asked.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "yam/proto/http/client_conversation.hpp"

namespace {

using namespace yam;
using namespace yam::proto::http;

void require(bool holds) {
  if (!holds) std::abort();
}

class Client {
 public:
  explicit Client(unsigned asks) {
    for (unsigned i = 0; i < 1 + (asks & 3U); ++i) {
      const bool last = i == (asks & 3U);
      Ask ask{.method = ((asks >> (2 + i)) & 1U) != 0 ? "HEAD" : "GET", .host = "a"};
      if (last && (asks & 64U) != 0) ask = {.method = "CONNECT", .target = "b:1", .host = "a"};
      if (last && (asks & 128U) != 0) ask.upgrade = "websocket";
      std::string sent;
      require(conversation_.write_request(sent, ask).has_value());
      ++asked_;
    }
  }

  std::string call(ByteView input, std::size_t piece_bytes) {
    for (std::size_t given = 0; given < input.size();) {
      given = std::min(given + piece_bytes, input.size());
      while (step(input.first(given))) {
      }
    }
    for (;;) {
      const auto step = conversation_.handle_end();
      events_ += !step ? "!" : step->what == What::end ? "." : "E";
      if (!step || step->what == What::closed) break;
      require(++ends_ <= asked_);
    }
    return events_;
  }

 private:
  bool step(ByteView given) {
    const auto step = conversation_.handle_bytes(given.subspan(used_));
    if (!step) {
      events_ += "<" + std::string(step.error().words) + ">";
      return false;
    }
    require(step->used <= given.size() - used_);
    used_ += step->used;
    if (step->what == What::head || step->what == What::informational) take_head(step->what);
    if (step->what == What::content) events_ += text_of(step->content);
    if (step->what == What::end) {
      events_ += ".";
      require(++ends_ <= asked_);
    }
    if (step->what == What::more || step->what == What::closed) return step->used > 0;
    return step->what != What::tunnel;
  }

  void take_head(What what) {
    const ResponseHead& head = conversation_.response();
    require(head.status >= 100 && head.status <= 599);
    require((what == What::informational) == (head.status / 100 == 1 && head.status != 101));
    events_ += "(" + std::to_string(head.status) + std::string(head.reason);
    for (const Field& field : head.fields)
      events_ += "," + std::string(field.name) + "=" + std::string(field.value);
    events_ += ")";
  }

  ClientConversation conversation_;
  std::string events_;
  std::size_t used_ = 0, asked_ = 0, ends_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView input = std::as_bytes(std::span(data, size)).subspan(2);
  const std::string whole = Client(data[1]).call(input, size);
  require(whole == Client(data[1]).call(input, 1 + data[0] % 31));
  return 0;
}
