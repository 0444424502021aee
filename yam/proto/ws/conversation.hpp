#pragma once
// One end of a WebSocket connection once the handshake is done (RFC 6455 §5 to §7): messages in pieces as
// they come, pings answered, and the close. No sockets, no clock, no random source and no buffer of its own:
// the caller drops the bytes that a step used once it has done with their view.
//
// No extensions: what compresses (RFC 7692) is neither offered nor accepted.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/proto/ws/frame.hpp"
#include "yam/proto/ws/utf8_check.hpp"
#include "yam/proto/ws/ws.hpp"

namespace yam::proto::ws {

enum class What : std::uint8_t {
  more,     // hand it the bytes that it did not use again, with others behind them
  message,  // a piece of one
  ping,     // which poll() will answer
  pong,
  close,   // the peer's; poll() answers it, if that is still to do
  closed,  // nothing that comes counts any more
};

struct Step {
  What what = What::more;
  std::size_t used = 0;   // of what was handed in
  ByteView content = {};  // borrows those bytes: of a message, ping or pong; a text may be cut in a character
  bool is_text = false;   // of a message
  bool is_last = false;   // the piece that ends a message; it may be empty
};

// What a close says. Without a code it said nothing (1005 for who must have one, §7.1.5).
struct Closing {
  std::optional<std::uint16_t> code;
  std::string reason;

  bool operator==(const Closing&) const = default;
};

class Conversation {
 public:
  // A client masks what it sends: `next_key` gives keys that nobody can foresee (§10.3). A server has none.
  static Conversation client(std::function<MaskKey()> next_key, Limits limits = {});
  static Conversation server(Limits limits = {});

  // One step; call it again while steps use bytes. What was masked is unmasked where it lies. A refusal has
  // made poll() close the connection with its code; from then on all is What::closed.
  Checked<Step> handle_bytes(ByteSpan unread);
  // The peer will send no more. Refused with code::cut when it has not closed before (§7.1.5).
  Checked<void> handle_end();

  // Appends what is owed: the pong for the latest ping (§5.5.3), a close. The connection is to be ended when
  // is_over() and all that was written is out.
  void poll(std::string& out);

  // A message, whole or in fragments: the first call begins it, `is_last` ends it. What poll() gives may go
  // in between. Code::usage after a close, for a kind that changes within a message, and for a text that is
  // none: nothing is written then.
  Result<void> write_message(std::string& out, bool is_text, ByteView content, bool is_last = true);
  // Code::usage beyond control_bytes_max, and after a close.
  Result<void> write_ping(std::string& out, ByteView content);
  // Begins the close; the peer's is to follow. Code::usage for a code that is not sent, a reason that is too
  // long or no text, and the second time.
  Result<void> write_close(std::string& out, std::uint16_t code, std::string_view reason = {});

  // What the peer's close said, once that has come.
  const std::optional<Closing>& peer_closing() const { return peer_closing_; }
  bool may_write() const { return !close_written_ && !owed_close_; }
  // Both have closed, or the connection was given up: the server ends it first (§7.1.1).
  bool is_over() const { return close_written_ && !owed_close_ && (peer_closing_ || refused_); }

 private:
  Conversation(Role role, std::function<MaskKey()> next_key, Limits limits)
      : role_(role), next_key_(std::move(next_key)), limits_(limits) {}

  Checked<Step> step(ByteSpan unread);
  Checked<void> check(const FrameHead& head) const;
  Checked<Step> take_control(ByteSpan unread);
  Checked<Step> take_piece(ByteSpan unread, std::size_t used);
  Checked<void> take_close(ByteView content);
  void write_frame(std::string& out, Opcode opcode, ByteView payload, bool is_last);

  Role role_;
  std::function<MaskKey()> next_key_;
  Limits limits_;

  // What comes.
  std::optional<FrameHead> frame_;  // of a message, while its payload comes
  std::uint64_t frame_at_ = 0;      // bytes of it that have come
  bool in_message_ = false, is_text_ = false;
  std::uint64_t message_bytes_ = 0;
  Utf8Check text_;
  std::optional<Closing> peer_closing_;
  bool refused_ = false;

  // What goes.
  bool writes_message_ = false, writes_text_ = false;
  Utf8Check written_text_;
  std::optional<std::string> owed_pong_;
  std::optional<std::string> owed_close_;  // its payload
  bool close_written_ = false;
};

}  // namespace yam::proto::ws
