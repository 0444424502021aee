#pragma once
// The client's end of a connection: requests go out, several ahead if one likes (RFC 9112 §9.3.2), and
// answers come in that order. Interim answers are shown and skipped. No sockets, no clock, no buffer of its
// own, and no opinion on which request may be repeated once the connection is gone.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/proto/http/body.hpp"
#include "yam/proto/http/head.hpp"
#include "yam/proto/http/refusal.hpp"
#include "yam/proto/http/step.hpp"

namespace yam::proto::http {

inline constexpr std::size_t pipelined_max = 64;      // requests that wait for their answers
inline constexpr std::size_t informational_max = 32;  // 1xx heads before one final answer

struct Ask {
  std::string_view method = "GET";
  std::string_view target = "/";
  std::string_view host = {};          // "a", "a:8080", "[::1]:8080"
  std::span<const Field> fields = {};  // without those that say how it is framed, Host, Connection and Expect
  Body body = Body::none;              // none, length or chunked
  std::uint64_t content_bytes = 0;
  bool expects_continue = false;  // 100-continue: wait for it, or for a while, before the content
  bool close = false;             // this is the last request
  std::string_view upgrade = {};  // a protocol to switch to
};

class ClientConversation {
 public:
  // Writes the head of a request. Code::usage, and nothing written: while another one's content is
  // unfinished, behind one that was the last, beyond pipelined_max, for a field that is not the caller's to
  // set, and for what HeadWriter refuses.
  Result<void> write_request(std::string& out, const Ask& ask);
  Result<void> frame_content(std::string& out, std::uint64_t bytes) { return content_.frame(out, bytes); }
  Result<void> finish_request(std::string& out, std::span<const Field> trailers = {});

  // One step; call it again while steps use bytes. What::closed once the connection has nothing more to say.
  // Whatever comes that no request asked for is refused; after a refusal all is What::closed.
  Checked<Step> handle_bytes(ByteView unread);
  // The server will send no more: an end of the body that runs until then, nothing new between answers, and a
  // refusal where an answer is cut.
  Checked<Step> handle_end();

  // From What::informational or What::head on, while its bytes stay.
  const ResponseHead& response() const { return parser_.head(); }
  // How the answer's content is framed, from What::head on.
  const Framing& framing() const { return framing_; }
  // Behind the head of an answer that has a length: how much of it handle_bytes has not seen. skip_content()
  // leaves out what went another way, from kernel to kernel; with nothing left, handle_bytes gives the end.
  std::optional<std::uint64_t> content_left() const {
    return reading_ == Reading::body ? body_.left_bytes() : std::nullopt;
  }
  void skip_content(std::uint64_t bytes) { body_.skip(bytes); }
  void collect_trailers(Fields& fields, std::size_t& dropped) const {
    body_.collect_trailers(fields, dropped);
  }

  std::size_t unanswered() const { return asked_.size(); }
  // Whether another request may follow on this connection.
  bool keeps_open() const {
    return reading_ != Reading::closed && reading_ != Reading::tunnel && !last_asked_;
  }

 private:
  enum class Reading : std::uint8_t { head, body, tunnel, closed };
  struct Asked {
    std::string method;
    std::string upgrade;
  };

  Checked<Step> read_head(ByteView unread);
  Checked<Step> read_body(ByteView unread);
  Step end_answer(std::size_t used);
  std::unexpected<Refusal> broken(std::string_view words);
  Result<void> check(const Ask& ask) const;

  std::deque<Asked> asked_;  // at most pipelined_max
  ResponseParser parser_;
  BodyReader body_;
  BodyWriter content_;
  Framing framing_;
  Reading reading_ = Reading::head;
  std::size_t informational_ = 0;
  bool restart_ = false;       // the parser still shows the head before
  bool content_open_ = false;  // of the latest request
  bool last_asked_ = false;    // no request may follow
  bool last_answer_ = false;   // no answer will
};

}  // namespace yam::proto::http
