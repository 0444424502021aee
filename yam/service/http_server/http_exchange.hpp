#pragma once
// One request while it is answered: its head, its content as it comes, and the answer, of which short parts
// are gathered until they are worth a system call. Whoever answers sees no socket.
//
// For the loop's own thread; it lives in the connection's task. After a fault nothing more can be said: the
// connection is gone, or ends without an answer.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/proto/http/server_conversation.hpp"
#include "yam/service/http_server/content_encoder.hpp"
#include "yam/service/http_server/http_clock.hpp"
#include "yam/service/http_server/http_desk.hpp"
#include "yam/service/server/server_visit.hpp"

namespace yam::service {

class HttpExchange {
 public:
  // Gathered beyond that, the output is sent.
  static constexpr std::size_t gathered_bytes_max = 64 * 1024;

  // All outlive the exchange.
  HttpExchange(Visit& visit, HttpDesk& desk, HttpClock& clock);

  // ---- the request
  const proto::http::RequestHead& request() const { return desk_.conversation.request(); }
  bool is_head() const { return request().method == "HEAD"; }
  Visit& visit() const { return visit_; }

  // The next piece of its content; empty at the end. Use it before the next call. A peer that waits for 100
  // Continue gets it. Code::protocol when the content is broken or cut, Code::timeout when it comes slower
  // than min-rate, Code::refused beyond max-bytes: the peer has been told by then, if an answer was owed.
  net::Task<Result<ByteView>> read_content();
  std::uint64_t content_bytes() const { return content_bytes_; }  // that came
  bool content_ended() const { return content_ended_; }
  // After the answer: reads what is left of the content, if that is little. False when it is not.
  net::Task<bool> skip_content();
  // At the end: leaves what came behind the content with the desk. False when the connection cannot go on.
  bool end();

  // ---- the answer: begin(), content, finish(). Server, Date and Connection are written here.
  // A whole one; `content` is left out where the method or the status has none.
  void answer(const proto::http::Answer& answer, std::string_view content);
  void begin(const proto::http::Answer& answer);
  // Before begin(), of an answer without content_bytes: what is put goes out in the coding of `encoder`,
  // which the answer's Content-Encoding names.
  void encode_with(std::unique_ptr<ContentEncoder> encoder) { encoder_ = std::move(encoder); }
  // Whether it has content to put: not to HEAD, and not in 204 and 304.
  bool sends_content() const { return desk_.conversation.sends_content(); }
  // Gathers it; flush() once is_flush_due().
  void put(std::string_view content);
  // Room for `bytes` of content, to be filled in place at once. Of content without a coding, like put_file().
  std::span<char> put_space(std::size_t bytes);
  bool is_flush_due() const { return desk_.output.size() > gathered_bytes_max; }
  net::Task<Result<>> flush();
  // Sends what is gathered, and then `bytes` of content from `file` at `offset` without a copy where the
  // connection allows it. Code::local when the file ends before: the answer is broken then.
  net::Task<Result<>> put_file(int file, std::uint64_t offset, std::uint64_t bytes);
  void finish();

  bool answered() const { return desk_.conversation.answered(); }
  bool is_finished() const { return finished_; }

  // ---- for the log
  std::uint16_t status() const { return status_; }
  // Of content, as it went out; counts along while a file is sent.
  std::uint64_t sent_bytes() const { return sent_bytes_ + under_way_ - std::min(under_way_, head_bytes_); }
  Time began() const { return began_; }

 private:
  net::Task<Result<>> read_more();
  void put_framed(std::string_view content);
  std::unexpected<Error> refuse(const proto::http::Refusal& refusal, Code code = Code::protocol);

  Visit& visit_;
  HttpDesk& desk_;
  HttpClock& clock_;
  Time began_;
  std::unique_ptr<HttpInput> content_;  // once it does not lie behind the head any more
  std::unique_ptr<ContentEncoder> encoder_;
  std::string encoded_;  // and not put yet
  std::uint64_t content_bytes_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t under_way_ = 0, head_bytes_ = 0;  // of put_file(): all that went out, and what is no content
  std::uint16_t status_ = 0;
  bool content_ended_ = false;
  bool finished_ = false;
};

}  // namespace yam::service
