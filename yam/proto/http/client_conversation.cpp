#include "yam/proto/http/client_conversation.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "yam/proto/http/connection.hpp"
#include "yam/proto/http/head_writer.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::string_view ask_framing_fields[] = {
    "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Keep-Alive", "Host", "Expect", "TE"};

}  // namespace

Result<void> ClientConversation::write_request(std::string& out, const Ask& ask) {
  if (auto checked = check(ask); !checked) return checked;
  HeadWriter head(out);
  head.request_line(ask.method, ask.target);
  head.field("Host", ask.host);
  for (const Field& field : ask.fields)
    head.field(field.name, field.value);
  if (ask.body == Body::length) head.field("Content-Length", ask.content_bytes);
  if (ask.body == Body::chunked) head.field("Transfer-Encoding", "chunked");
  // A method that usually has content says that there is none (RFC 9110 §8.6).
  if (ask.body == Body::none && (ask.method == "POST" || ask.method == "PUT" || ask.method == "PATCH"))
    head.field("Content-Length", 0U);
  if (ask.expects_continue) head.field("Expect", "100-continue");
  if (!ask.upgrade.empty()) head.field("Upgrade", ask.upgrade);
  if (ask.close || !ask.upgrade.empty()) head.field("Connection", ask.close ? "close" : "upgrade");
  if (auto written = head.finish(); !written) return written;
  asked_.push_back({std::string(ask.method), std::string(ask.upgrade)});
  content_ = BodyWriter({ask.body, ask.body == Body::length ? ask.content_bytes : 0});
  content_open_ = ask.body != Body::none;
  // What would follow might be taken for the other protocol's.
  last_asked_ = ask.close || !ask.upgrade.empty() || ask.method == "CONNECT";
  return {};
}

Result<void> ClientConversation::finish_request(std::string& out, std::span<const Field> trailers) {
  if (auto finished = content_.finish(out, trailers); !finished) return finished;
  content_open_ = false;
  return {};
}

Result<void> ClientConversation::check(const Ask& ask) const {
  if (!keeps_open()) return fail(Code::usage, "no request may follow on this connection");
  if (content_open_) return fail(Code::usage, "the request before is not finished");
  if (asked_.size() == pipelined_max) return fail(Code::usage, "too many requests wait for their answers");
  if (!parse_host(ask.host)) return fail(Code::usage, fmt::format("a host cannot be {}", quoted(ask.host)));
  if (!parse_target(ask.method, ask.target))
    return fail(Code::usage, fmt::format("a target cannot be {}", quoted(ask.target)));
  if (ask.body == Body::until_close || ask.body == Body::tunnel ||
      (ask.method == "CONNECT" && ask.body != Body::none))
    return fail(Code::usage, "a request that cannot have such a body");
  if (ask.close && !ask.upgrade.empty()) return fail(Code::usage, "an upgrade of a connection that closes");
  for (const Field& field : ask.fields)
    if (std::ranges::any_of(ask_framing_fields, [&](auto name) { return same_word(name, field.name); }))
      return fail(Code::usage, fmt::format("the conversation itself writes {}", field.name));
  return {};
}

Checked<Step> ClientConversation::handle_bytes(ByteView unread) {
  switch (reading_) {
    case Reading::head:
      return read_head(unread);
    case Reading::body:
      return read_body(unread);
    case Reading::tunnel:
      return Step{What::tunnel};
    case Reading::closed:
      break;
  }
  return Step{What::closed};
}

Checked<Step> ClientConversation::read_head(ByteView unread) {
  if (std::exchange(restart_, false)) parser_.restart();
  if (asked_.empty() && !unread.empty()) return broken("a response that no request asked for");
  const auto whole = parser_.handle_bytes(unread);
  if (!whole) return broken(whole.error().words);
  if (!*whole) return Step{};
  const ResponseHead& head = parser_.head();
  restart_ = true;
  if (head.status / 100 == 1 && head.status != 101) {
    if (++informational_ > informational_max) return broken("too many interim responses");
    return Step{What::informational, parser_.head_bytes(), {}};
  }
  const Asked& asked = asked_.front();
  if (head.status == 101 &&
      (asked.upgrade.empty() || !offers_upgrade(head.minor, head.fields, asked.upgrade)))
    return broken("a switch to a protocol that no request asked for");
  const auto framing = response_framing(asked.method, head.status, head.minor, head.fields);
  if (!framing) return broken(framing.error().words);
  framing_ = *framing;
  body_ = BodyReader(framing_);
  // An answer before the end of its request: the server may not read the rest (RFC 9112 §9.3).
  const bool early = content_open_ && asked_.size() == 1;
  last_answer_ = !wants_open(head.minor, head.fields) || framing_.body == Body::until_close;
  if (last_answer_ || early) last_asked_ = true;
  reading_ = Reading::body;
  return Step{What::head, parser_.head_bytes(), {}};
}

Checked<Step> ClientConversation::read_body(ByteView unread) {
  const auto read = body_.handle_bytes(unread);
  if (!read) return broken(read.error().words);
  if (!read->content.empty()) return Step{What::content, read->used, read->content};
  if (!body_.done()) return Step{What::more, read->used, {}};
  return end_answer(read->used);
}

Step ClientConversation::end_answer(std::size_t used) {
  asked_.pop_front();
  informational_ = 0;
  reading_ = framing_.body == Body::tunnel ? Reading::tunnel : last_answer_ ? Reading::closed : Reading::head;
  return Step{What::end, used, {}};
}

Checked<Step> ClientConversation::handle_end() {
  if (reading_ == Reading::body) {
    if (auto ended = body_.handle_end(); !ended) return broken(ended.error().words);
    return end_answer(0);
  }
  if (reading_ == Reading::head && !asked_.empty()) return broken("a connection that ends before its answer");
  reading_ = Reading::closed;
  return Step{What::closed};
}

std::unexpected<Refusal> ClientConversation::broken(std::string_view words) {
  reading_ = Reading::closed;
  return refuse(400, words);
}

}  // namespace yam::proto::http
