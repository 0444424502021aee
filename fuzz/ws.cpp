// Anything from a WebSocket peer, to either end: cut anywhere it is the same conversation, a text is always
// UTF-8, and what is owed in return is something that the other end takes.
//
// The first byte says which end it is, and how large the pieces are.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "yam/base/text.hpp"
#include "yam/proto/ws/conversation.hpp"

namespace {

using namespace yam;
using namespace yam::proto::ws;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr Limits limits{.frame_bytes = 300, .message_bytes = 500};

Conversation conversation(Role role) {
  const auto key = [] { return MaskKey{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}}; };
  return role == Role::client ? Conversation::client(key, limits) : Conversation::server(limits);
}

struct Seen {
  std::string events, message, sent;
  bool was_refused = false, is_over = false;

  bool operator==(const Seen&) const = default;
};

class Reader {
 public:
  explicit Reader(Role role) : machine_(conversation(role)) {}

  Seen read(ByteView input, std::size_t piece_bytes) {
    Bytes bytes = copy_of(input);
    for (std::size_t given = 0; given < bytes.size();) {
      given = std::min(given + piece_bytes, bytes.size());
      while (used_ < given && step(ByteSpan(bytes).subspan(used_, given - used_))) {
      }
    }
    machine_.poll(seen_.sent);
    seen_.is_over = machine_.is_over();
    return seen_;
  }

 private:
  // Whether there may be more to do before the next piece.
  bool step(ByteSpan unread) {
    const auto step = machine_.handle_bytes(unread);
    if (!step) {
      require(!seen_.was_refused && may_be_sent(step.error().code));
      seen_.was_refused = true;
      seen_.message.clear();  // how much of it came before depends on the pieces
      seen_.events += "<" + std::string(step.error().words) + ">";
      return true;
    }
    require(step->used <= unread.size());
    used_ += step->used;
    if (step->what == What::message) {
      seen_.message += text_of(step->content);
      require(seen_.message.size() <= limits.message_bytes);
      if (!step->is_last) return true;
      require(!step->is_text || is_utf8(seen_.message));
      seen_.events += (step->is_text ? "t" : "b") + seen_.message + "\n";
      seen_.message.clear();
    } else if (step->what != What::more && step->what != What::closed) {
      require(step->content.size() <= control_bytes_max);
      seen_.events += static_cast<char>('0' + static_cast<int>(step->what));
      seen_.events += string_of(step->content) + "\n";
    }
    return step->used > 0;
  }

  Conversation machine_;
  std::size_t used_ = 0;
  Seen seen_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input = std::as_bytes(std::span(data + 1, size - 1));
  const Role role = (data[0] & 1) != 0 ? Role::client : Role::server;
  const Role peer = role == Role::client ? Role::server : Role::client;
  const Seen whole = Reader(role).read(input, std::max<std::size_t>(input.size(), 1));
  require(whole == Reader(role).read(input, 1));
  require(whole == Reader(role).read(input, 1U + (data[0] >> 1)));
  require(!Reader(peer).read(bytes_of(whole.sent), whole.sent.size() + 1).was_refused);
  return 0;
}
