#include "yam/proto/ws/conversation.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/text.hpp"

namespace yam::proto::ws {

namespace {

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return payload += reason;
}

}  // namespace

Conversation Conversation::client(std::function<MaskKey()> next_key, Limits limits) {
  return {Role::client, std::move(next_key), limits};
}

Conversation Conversation::server(Limits limits) {
  return {Role::server, nullptr, limits};
}

Checked<Step> Conversation::handle_bytes(ByteSpan unread) {
  if (refused_ || peer_closing_) return Step{What::closed, unread.size()};
  auto taken = step(unread);
  if (taken) return taken;
  refused_ = true;
  owed_pong_.reset();
  if (!close_written_) owed_close_ = close_payload(taken.error().code, taken.error().words);
  return taken;
}

Checked<void> Conversation::handle_end() {
  if (refused_ || peer_closing_) return {};
  refused_ = true;
  close_written_ = true;  // there is nobody to tell
  return refuse(code::cut, "the connection was cut");
}

Checked<Step> Conversation::step(ByteSpan unread) {
  if (frame_) return take_piece(unread, 0);
  const auto read = read_frame_head(unread);
  if (!read) return std::unexpected(read.error());
  if (!*read) return Step{};
  const FrameHead& head = (*read)->head;
  if (auto good = check(head); !good) return std::unexpected(good.error());
  if (is_control(head.opcode)) return take_control(unread);
  if (head.opcode != Opcode::continuation) {
    in_message_ = true;
    is_text_ = head.opcode == Opcode::text;
    message_bytes_ = 0;
    text_ = Utf8Check();
  }
  message_bytes_ += head.payload_bytes;
  frame_ = head;
  frame_at_ = 0;
  return take_piece(unread.subspan((*read)->used), (*read)->used);
}

Checked<void> Conversation::check(const FrameHead& head) const {
  if (role_ == Role::server && !head.key)
    return refuse(code::protocol_error, "a client's frame without a mask");
  if (role_ == Role::client && head.key) return refuse(code::protocol_error, "a server's frame with a mask");
  if (is_control(head.opcode)) return {};
  const bool continues = head.opcode == Opcode::continuation;
  if (continues && !in_message_) return refuse(code::protocol_error, "a continuation of no message");
  if (!continues && in_message_) return refuse(code::protocol_error, "a message inside another");
  if (head.payload_bytes > limits_.frame_bytes) return refuse(code::too_big, "a frame that is too long");
  const std::uint64_t before = continues ? message_bytes_ : 0;
  if (head.payload_bytes > limits_.message_bytes - before)
    return refuse(code::too_big, "a message that is too long");
  return {};
}

// Control frames are short: they are taken whole.
Checked<Step> Conversation::take_control(ByteSpan unread) {
  const auto read = *read_frame_head(unread);
  const FrameHead& head = read->head;
  const auto bytes = static_cast<std::size_t>(head.payload_bytes);
  if (unread.size() - read->used < bytes) return Step{};
  const ByteSpan content = unread.subspan(read->used, bytes);
  if (head.key) mask(content, *head.key, 0);
  Step step;
  step.used = read->used + bytes;
  step.content = content;
  step.what = head.opcode == Opcode::ping ? What::ping : What::pong;
  if (head.opcode == Opcode::ping && may_write()) owed_pong_ = string_of(content);
  if (head.opcode != Opcode::close) return step;
  if (auto good = take_close(content); !good) return std::unexpected(good.error());
  step.what = What::close;
  step.content = {};
  return step;
}

// §5.5.1, §7.4.
Checked<void> Conversation::take_close(ByteView content) {
  Closing closing;
  if (content.size() == 1) return refuse(code::protocol_error, "half a close code");
  if (content.size() >= 2) {
    closing.code = static_cast<std::uint16_t>(std::to_integer<unsigned>(content[0]) << 8 |
                                              std::to_integer<unsigned>(content[1]));
    closing.reason = string_of(content.subspan(2));
    if (!may_be_sent(*closing.code)) return refuse(code::protocol_error, "a close code that may not be sent");
    if (!is_utf8(closing.reason)) return refuse(code::invalid_text, "a reason that is not UTF-8");
  }
  owed_pong_.reset();
  if (!close_written_) owed_close_ = closing.code ? close_payload(*closing.code, "") : "";
  peer_closing_ = std::move(closing);
  return {};
}

// `unread` lies behind the head, of which `used` bytes stood before it.
Checked<Step> Conversation::take_piece(ByteSpan unread, std::size_t used) {
  const auto bytes =
      static_cast<std::size_t>(std::min<std::uint64_t>(frame_->payload_bytes - frame_at_, unread.size()));
  const ByteSpan content = unread.first(bytes);
  if (frame_->key) mask(content, *frame_->key, frame_at_);
  frame_at_ += bytes;
  const bool ends_frame = frame_at_ == frame_->payload_bytes;
  const bool ends_message = ends_frame && frame_->is_last;
  if (is_text_ && (!text_.add(content) || (ends_message && !text_.is_whole())))
    return refuse(code::invalid_text, "a text that is not UTF-8");
  if (ends_frame) frame_.reset();
  if (ends_message) in_message_ = false;
  Step step;
  step.used = used + bytes;
  step.what = bytes > 0 || ends_message ? What::message : What::more;
  step.content = content;
  step.is_text = is_text_;
  step.is_last = ends_message;
  return step;
}

void Conversation::poll(std::string& out) {
  if (owed_pong_) write_frame(out, Opcode::pong, bytes_of(*owed_pong_), true);
  owed_pong_.reset();
  if (!owed_close_) return;
  write_frame(out, Opcode::close, bytes_of(*owed_close_), true);
  owed_close_.reset();
  close_written_ = true;
}

Result<void> Conversation::write_message(std::string& out, bool is_text, ByteView content, bool is_last) {
  if (!may_write()) return fail(Code::usage, "a message after the close");
  if (writes_message_ && writes_text_ != is_text) return fail(Code::usage, "a message of two kinds");
  Utf8Check text = writes_message_ ? written_text_ : Utf8Check();
  if (is_text && (!text.add(content) || (is_last && !text.is_whole())))
    return fail(Code::usage, "a text that is not UTF-8");
  written_text_ = text;
  const Opcode kind = is_text ? Opcode::text : Opcode::binary;
  write_frame(out, writes_message_ ? Opcode::continuation : kind, content, is_last);
  writes_message_ = !is_last;
  writes_text_ = is_text;
  return {};
}

Result<void> Conversation::write_ping(std::string& out, ByteView content) {
  if (!may_write()) return fail(Code::usage, "a ping after the close");
  if (content.size() > control_bytes_max) return fail(Code::usage, "too long a ping");
  write_frame(out, Opcode::ping, content, true);
  return {};
}

Result<void> Conversation::write_close(std::string& out, std::uint16_t code, std::string_view reason) {
  if (!may_write()) return fail(Code::usage, "a second close");
  if (!may_be_sent(code)) return fail(Code::usage, "a close code that may not be sent");
  if (reason.size() > reason_bytes_max) return fail(Code::usage, "too long a reason");
  if (!is_utf8(reason)) return fail(Code::usage, "a reason that is not UTF-8");
  poll(out);
  write_frame(out, Opcode::close, bytes_of(close_payload(code, reason)), true);
  close_written_ = true;
  return {};
}

void Conversation::write_frame(std::string& out, Opcode opcode, ByteView payload, bool is_last) {
  FrameHead head;
  head.is_last = is_last;
  head.opcode = opcode;
  head.payload_bytes = payload.size();
  if (role_ == Role::client) head.key = next_key_();
  write_frame_head(out, head);
  const std::size_t begin = out.size();
  out += text_of(payload);
  if (head.key) mask(std::as_writable_bytes(std::span(out).subspan(begin)), *head.key, 0);
}

}  // namespace yam::proto::ws
