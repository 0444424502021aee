#include "yam/proto/http/server_conversation.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "yam/proto/http/head_writer.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::string_view answer_framing_fields[] = {"Content-Length", "Transfer-Encoding", "Connection",
                                                      "Upgrade", "Keep-Alive"};

}  // namespace

Checked<Step> ServerConversation::handle_bytes(ByteView unread) {
  if (answer_ == Answering::finished && !keeps_open_ && !tunnel_) reading_ = Reading::closed;
  switch (reading_) {
    case Reading::head:
      return read_head(unread);
    case Reading::body:
      return read_body(unread);
    case Reading::closed:
      return Step{What::closed};
    case Reading::ended:
      break;
  }
  if (tunnel_) return Step{What::tunnel};
  if (answer_ != Answering::finished) return Step{What::waiting};
  next_request();
  return read_head(unread);
}

Checked<void> ServerConversation::handle_end() const {
  const bool cut = reading_ == Reading::head ? parser_.begun() : reading_ == Reading::body && !body_.done();
  if (cut) return refuse(400, "a request that is cut off");
  return {};
}

bool ServerConversation::is_idle() const {
  if (reading_ == Reading::head) return !parser_.begun();
  return reading_ == Reading::ended && answer_ == Answering::finished && keeps_open_ && !tunnel_;
}

Checked<Step> ServerConversation::read_head(ByteView unread) {
  const auto whole = parser_.handle_bytes(unread);
  if (!whole) return broken(whole.error());
  if (!*whole) return Step{};
  const RequestHead& head = parser_.head();
  method_ = head.method;
  minor_ = head.minor;
  request_keeps_open_ = wants_open(head.minor, head.fields);
  offers_upgrade_ = offers_upgrade(head.minor, head.fields);
  const Expectation expectation = expectation_of(head.minor, head.fields);
  if (expectation == Expectation::unknown) return broken({417, "an expectation that is not known"});
  expects_ = expectation == Expectation::go_on && head.framing.body != Body::none;
  body_ = BodyReader(head.framing);
  reading_ = Reading::body;
  return Step{What::head, parser_.head_bytes(), {}};
}

Checked<Step> ServerConversation::read_body(ByteView unread) {
  const auto read = body_.handle_bytes(unread);
  if (!read) return broken(read.error());
  body_begun_ = body_begun_ || read->used > 0;
  if (!read->content.empty()) return Step{What::content, read->used, read->content};
  if (!body_.done()) return Step{What::more, read->used, {}};
  reading_ = Reading::ended;
  return Step{What::end, read->used, {}};
}

std::unexpected<Refusal> ServerConversation::broken(const Refusal& refusal) {
  reading_ = Reading::closed;
  keeps_open_ = false;
  return refuse(refusal);
}

void ServerConversation::next_request() {
  parser_.restart();
  method_.clear();
  reading_ = Reading::head;
  answer_ = Answering::not_yet;
  expects_ = body_begun_ = sends_content_ = false;
}

void ServerConversation::write_continue(std::string& out) {
  if (!wants_continue()) return;
  out.append("HTTP/1.1 100 Continue\r\n\r\n");
  expects_ = false;
}

Result<void> ServerConversation::write_answer(std::string& out, const Answer& answer) {
  if (auto checked = check(answer); !checked) return checked;
  const Framing framing = answer_framing(answer);
  const bool tunnel = framing.body == Body::tunnel;
  const bool stays = request_keeps_open_ && !answer.close && !tunnel && framing.body != Body::until_close &&
                     !wants_continue();
  HeadWriter head(out);
  head.status_line(answer.status);
  for (const Field& field : answer.fields)
    head.field(field.name, field.value);
  if (answer.content_bytes && !tunnel && answer.status != 204 && answer.status != 304)
    head.field("Content-Length", *answer.content_bytes);
  else if (framing.body == Body::chunked)
    head.field("Transfer-Encoding", "chunked");
  if (!answer.upgrade.empty()) head.field("Upgrade", answer.upgrade);
  write_connection(head, !answer.upgrade.empty(), stays || tunnel);
  if (auto written = head.finish(); !written) return written;
  tunnel_ = tunnel;
  keeps_open_ = stays;
  content_ = BodyWriter(framing);
  sends_content_ =
      framing.body == Body::length || framing.body == Body::chunked || framing.body == Body::until_close;
  answer_ = Answering::content;
  return {};
}

void ServerConversation::write_connection(HeadWriter& head, bool upgrades, bool stays) const {
  if (upgrades)
    head.field("Connection", stays ? "upgrade" : "upgrade, close");
  else if (!stays)
    head.field("Connection", "close");
  else if (minor_ == 0)
    head.field("Connection", "keep-alive");
}

Result<void> ServerConversation::finish_answer(std::string& out, std::span<const Field> trailers) {
  if (answer_ != Answering::content) return fail(Code::usage, "there is no answer to finish");
  if (auto finished = content_.finish(out, trailers); !finished) return finished;
  answer_ = Answering::finished;
  return {};
}

Result<void> ServerConversation::refuse_with(std::string& out, const Refusal& refusal,
                                             std::span<const Field> fields) {
  reading_ = Reading::closed;
  keeps_open_ = false;
  if (answered()) return {};  // its head is out, so that only the cut can tell
  HeadWriter head(out);
  head.status_line(refusal.status);
  for (const Field& field : fields)
    head.field(field.name, field.value);
  head.field("Content-Type", "text/plain");
  head.field("Content-Length", refusal.words.size() + 1);
  head.field("Connection", "close");
  if (auto written = head.finish(); !written) return written;
  if (method_ != "HEAD") out.append(refusal.words).append("\n");
  answer_ = Answering::finished;
  return {};
}

Framing ServerConversation::answer_framing(const Answer& answer) const {
  if (answer.status == 101 || (method_ == "CONNECT" && answer.status / 100 == 2)) return {Body::tunnel};
  if (!may_have_body(method_, answer.status)) return {};
  if (answer.content_bytes)
    return {*answer.content_bytes == 0 ? Body::none : Body::length, *answer.content_bytes};
  return {minor_ == 0 ? Body::until_close : Body::chunked};
}

Result<void> ServerConversation::check(const Answer& answer) const {
  if (reading_ != Reading::body && reading_ != Reading::ended)
    return fail(Code::usage, "there is no request to answer");
  if (answered()) return fail(Code::usage, "the request is answered already");
  if (answer.status < 200 && answer.status != 101) return fail(Code::usage, "an answer has a final status");
  if ((answer.status == 101) != (!answer.upgrade.empty() && answer.status != 426))
    return fail(Code::usage, "101 goes with the name of a protocol");
  if (answer.status == 101 && !offers_upgrade_)
    return fail(Code::usage, "an upgrade that the client did not offer");
  if (answer.status == 101 && !body_.done())
    return fail(Code::usage, "an upgrade before the end of the request");
  if ((answer.status == 204 || answer.status == 304) && answer.content_bytes.value_or(0) > 0)
    return fail(Code::usage, "a status that has no content");
  for (const Field& field : answer.fields)
    if (std::ranges::any_of(answer_framing_fields, [&](auto name) { return same_word(name, field.name); }))
      return fail(Code::usage, fmt::format("the conversation itself writes {}", field.name));
  return {};
}

}  // namespace yam::proto::http
