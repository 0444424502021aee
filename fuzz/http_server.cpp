// Anything from a client to a server that answers it: cut anywhere it is the same conversation, and whatever
// was sent back are the answers that a client takes for its requests, no more and no fewer.
//
// The first byte says how large the pieces are, and how the server answers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "yam/proto/http/client_conversation.hpp"
#include "yam/proto/http/server_conversation.hpp"

namespace {

using namespace yam;
using namespace yam::proto::http;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Seen {
  std::string events, sent;
  std::vector<std::string> methods;
  bool keeps_open = true, tunnel = false;

  bool operator==(const Seen&) const = default;
};

class Server {
 public:
  explicit Server(unsigned manner) : manner_(manner) {}

  Seen serve(ByteView input, std::size_t piece_bytes) {
    for (std::size_t given = 0; given < input.size();) {
      given = std::min(given + piece_bytes, input.size());
      while (step(input.first(given))) {
      }
    }
    seen_.events += conversation_.handle_end() ? "E" : "C";
    seen_.keeps_open = conversation_.keeps_open();
    return seen_;
  }

 private:
  // Whether there may be more to do before the next piece.
  bool step(ByteView given) {
    if (refused_) return false;
    const auto step = conversation_.handle_bytes(given.subspan(used_));
    if (!step) {
      refused_ = true;
      seen_.events += "<" + std::string(step.error().words) + ">";
      if (!conversation_.answered() && seen_.methods.size() == heads_answered_)
        seen_.methods.emplace_back("GET");
      require(conversation_.refuse_with(seen_.sent, step.error()).has_value());
      require(conversation_.handle_bytes(given)->what == What::closed);
      return false;
    }
    require(step->used <= given.size() - used_);
    used_ += step->used;
    switch (step->what) {
      case What::head:
        take_head(conversation_.request());
        return true;
      case What::content:
        seen_.events += text_of(step->content);
        return true;
      case What::end:
        seen_.events += ".";
        answer();
        return true;
      case What::tunnel:
        seen_.tunnel = true;
        return false;
      case What::more:
        return step->used > 0;
      case What::closed:
        return false;
      case What::waiting:
      case What::informational:
        std::abort();
    }
    return false;
  }

  void take_head(const RequestHead& head) {
    require(head.minor <= 1 && !head.method.empty() && head.framing.body != Body::until_close);
    require(head.fields.count("Content-Length") + head.fields.count("Transfer-Encoding") <= 1);
    require(head.fields.count("Host") == 1 || head.minor == 0);
    seen_.methods.emplace_back(head.method);
    seen_.events += "(" + std::string(head.method) + " " + std::string(head.target.path);
    for (const Field& field : head.fields) {
      require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
      seen_.events += "," + std::string(field.name) + "=" + std::string(field.value);
    }
    seen_.events += ")";
    field_ = {"X", std::string(head.target.path)};
  }

  void answer() {
    const Field fields[] = {{field_.name, field_.value}};
    Answer answer{.status = 200, .fields = fields, .content_bytes = 3};
    if ((manner_ & 1U) != 0) answer.content_bytes.reset();
    if ((manner_ & 2U) != 0) answer = {.status = 204, .fields = fields};
    require(conversation_.write_answer(seen_.sent, answer).has_value());
    if (conversation_.sends_content()) {
      require(conversation_.frame_content(seen_.sent, 3).has_value());
      seen_.sent += "\r\n0";
    }
    require(conversation_.finish_answer(seen_.sent).has_value());
    ++heads_answered_;
  }

  struct Echo {
    std::string name, value;
  };

  unsigned manner_;
  ServerConversation conversation_;
  Seen seen_;
  Echo field_;
  std::size_t used_ = 0, heads_answered_ = 0;
  bool refused_ = false;
};

// Reads what a server sent to so many requests of these methods.
void call(const Seen& seen) {
  ClientConversation client;
  std::string sent;
  std::size_t asked = 0, answers = 0;
  ByteView unread = bytes_of(seen.sent);
  for (;;) {
    if (client.unanswered() == 0 && asked < seen.methods.size() && client.keeps_open()) {
      const std::string& method = seen.methods[asked++];
      const bool connect = method == "CONNECT";
      require(client.write_request(sent, {.method = method, .target = connect ? "b:1" : "/", .host = "a"})
                  .has_value());
    }
    const auto step = client.handle_bytes(unread);
    require(step.has_value());
    unread = unread.subspan(step->used);
    if (step->what == What::end) ++answers;
    if (step->what == What::tunnel || step->what == What::closed) break;
    if (step->what == What::more && step->used == 0) {
      const auto end = client.handle_end();
      if (!end) break;  // a request that the server did not answer, being cut
      if (end->what == What::end) ++answers;
      if (end->what == What::closed) break;
    }
  }
  require(unread.empty() && answers <= seen.methods.size() && answers + 1 >= seen.methods.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned manner = data[0] >> 5U;
  const ByteView input = std::as_bytes(std::span(data, size)).subspan(1);
  const Seen whole = Server(manner).serve(input, size);
  require(whole == Server(manner).serve(input, 1 + data[0] % 31));
  call(whole);
  return 0;
}
