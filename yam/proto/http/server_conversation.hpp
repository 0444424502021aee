#pragma once
// The server's end of a connection (RFC 9112 §9): requests come in, each is answered before the next is read,
// so answers keep their order while pipelined requests wait in the caller's buffer. No sockets, no clock and
// no buffer of its own: the caller drops the bytes that a step used once it has done with their views.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/proto/http/body.hpp"
#include "yam/proto/http/connection.hpp"
#include "yam/proto/http/head.hpp"
#include "yam/proto/http/head_writer.hpp"
#include "yam/proto/http/refusal.hpp"
#include "yam/proto/http/step.hpp"

namespace yam::proto::http {

struct Answer {
  std::uint16_t status = 200;                       // 101 and 200 to 599
  std::span<const Field> fields = {};               // without those that say how it is framed, and Connection
  std::optional<std::uint64_t> content_bytes = {};  // absent: not known yet
  bool close = false;                               // this is the last answer
  std::string_view upgrade = {};                    // the protocol of a 101
};

class ServerConversation {
 public:
  // One step; call it again while steps use bytes. A refusal is answered with refuse_with(), and from then on
  // all is What::closed. An expectation that is not known is refused with 417.
  Checked<Step> handle_bytes(ByteView unread);
  // The client will send no more, and all that it sent was handed in. Refused when that cuts a request;
  // answers may still be given otherwise.
  Checked<void> handle_end() const;

  // Whether nothing of a request is here, and the next bytes would begin one, of whichever connection.
  bool is_idle() const;

  const RequestHead& request() const { return parser_.head(); }  // from What::head on, while its bytes stay
  void collect_trailers(Fields& fields, std::size_t& dropped) const {
    body_.collect_trailers(fields, dropped);
  }

  // Whether the client holds its body back until it hears of it (RFC 9110 §10.1.1).
  bool wants_continue() const { return expects_ && !body_begun_ && !answered(); }
  void write_continue(std::string& out);

  // Writes the head of the answer; at any time after What::head, once a request. It decides how the content
  // is framed and whether the connection stays. An answer that comes while the client still waits for its 100
  // ends the connection: whether the body will follow cannot be known. Code::usage, and nothing written, for
  // a second answer, a field that is not the caller's to set, and what HeadWriter refuses.
  Result<void> write_answer(std::string& out, const Answer& answer);
  // What comes before `bytes` of content, as BodyWriter's; to be called only while sends_content().
  Result<void> frame_content(std::string& out, std::uint64_t bytes) { return content_.frame(out, bytes); }
  Result<void> finish_answer(std::string& out, std::span<const Field> trailers = {});
  // An answer to what was refused: a head that closes the connection, with these fields (a Date, say), and
  // the words as text. Nothing when the head of an answer is out already.
  Result<void> refuse_with(std::string& out, const Refusal& refusal, std::span<const Field> fields = {});

  // Whether the answer has content: not to HEAD, and not in 204 and 304.
  bool sends_content() const { return sends_content_; }
  bool answered() const { return answer_ != Answering::not_yet; }
  // Whether the connection outlives this answer; known once it is written.
  bool keeps_open() const { return keeps_open_; }

 private:
  enum class Reading : std::uint8_t { head, body, ended, closed };
  enum class Answering : std::uint8_t { not_yet, content, finished };

  Checked<Step> read_head(ByteView unread);
  Checked<Step> read_body(ByteView unread);
  std::unexpected<Refusal> broken(const Refusal& refusal);
  void write_connection(HeadWriter& head, bool upgrades, bool stays) const;
  Framing answer_framing(const Answer& answer) const;
  Result<void> check(const Answer& answer) const;
  void next_request();

  RequestParser parser_;
  BodyReader body_;
  BodyWriter content_;
  Reading reading_ = Reading::head;
  Answering answer_ = Answering::not_yet;
  std::string method_;  // outlives the bytes of its head
  unsigned minor_ = 1;
  bool request_keeps_open_ = false, offers_upgrade_ = false, tunnel_ = false;
  bool expects_ = false, body_begun_ = false, sends_content_ = false, keeps_open_ = true;
};

}  // namespace yam::proto::http
