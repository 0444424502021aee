#include "yam/proto/http/head.hpp"

#include <algorithm>

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::string_view version_start = "HTTP/1.";
constexpr std::size_t version_bytes = 8;
constexpr std::size_t status_line_start_bytes = 12;  // "HTTP/1.1 200"

bool is_version(std::string_view text) {
  return text.size() == version_bytes && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
         is_digit(text[7]);
}

// A higher minor version is read as the highest that we know (RFC 9110 §2.5).
unsigned known_minor(char digit) {
  return digit == '0' ? 0 : 1;
}

Checked<Host> host_of(const RequestHead& head) {
  const std::size_t hosts = head.fields.count("Host");
  if (hosts > 1) return refuse(400, "more than one Host");
  if (hosts == 0 && head.minor > 0) return refuse(400, "a request without a Host");
  const auto field = parse_host(head.fields.find("Host").value_or(""));
  if (!field) return refuse(field.error());
  return head.target.host.name.empty() ? *field : head.target.host;
}

}  // namespace

Checked<bool> RequestParser::handle_bytes(ByteView unread) {
  const std::string_view text = text_of(unread.first(std::min(unread.size(), head_bytes_max)));
  while (at_ < text.size() && state_ != State::fields)
    if (auto read = read_byte(text); !read) return refuse(read.error());
  if (state_ == State::fields) {
    const auto ended = scanner_.scan(text, at_);
    if (!ended) return refuse(ended.error());
    if (*ended) {
      if (auto finished = finish(text); !finished) return refuse(finished.error());
      return true;
    }
  }
  if (at_ >= head_bytes_max) return refuse(431, "a head that is too long");
  return false;
}

// Field by field: the tables of the fields are 5 KB, which nobody needs cleared.
void RequestParser::restart() {
  state_ = State::start;
  at_ = method_at_ = method_bytes_ = target_at_ = target_bytes_ = version_at_ = 0;
  scanner_.restart();
  head_.method = {};
  head_.target = {};
  head_.host = {};
  head_.minor = 1;
  head_.fields.clear();
  head_.framing = {};
}

Checked<void> RequestParser::read_byte(std::string_view text) {
  const char c = text[at_++];
  switch (state_) {
    case State::start:
      method_at_ = at_ - 1;
      state_ = c == '\r' && method_at_ == 0 ? State::start_lf : State::method;
      if (c == '\r' && method_at_ == 0) return {};
      return is_token_letter(c) ? Checked<void>() : refuse(400, "a method that is no token");
    case State::start_lf:
      if (c != '\n') return refuse(400, "a CR without LF before a request");
      state_ = State::start;
      return {};
    case State::method:
      if (c == ' ') return end_method(text);
      if (!is_token_letter(c)) return refuse(400, "a method that is no token");
      if (at_ - method_at_ > method_bytes_max) return refuse(501, "a method that is too long");
      return {};
    case State::target:
      if (c == ' ') return end_target(text);
      if (c == '\r') return refuse(505, "a request of HTTP/0.9");
      if (is_control(c)) return refuse(400, "a control character in a target");
      if (at_ - target_at_ > target_bytes_max) return refuse(414, "a target that is too long");
      return {};
    case State::version:
      if (c == '\r') {
        const std::string_view version = text.substr(version_at_, at_ - 1 - version_at_);
        if (!is_version(version)) return refuse(400, "a malformed HTTP version");
        if (version[5] != '1') return refuse(505, "an HTTP version that is not 1");
        head_.minor = known_minor(version[7]);
        state_ = State::version_lf;
        return {};
      }
      if (is_control(c) || at_ - version_at_ > version_bytes) return refuse(400, "a malformed HTTP version");
      return {};
    case State::version_lf:
      if (c != '\n') return refuse(400, "a CR without LF in the request line");
      state_ = State::fields;
      return {};
    case State::fields:
      break;
  }
  return {};
}

Checked<void> RequestParser::end_method(std::string_view) {
  method_bytes_ = at_ - 1 - method_at_;
  target_at_ = at_;
  state_ = State::target;
  return {};
}

Checked<void> RequestParser::end_target(std::string_view text) {
  target_bytes_ = at_ - 1 - target_at_;
  version_at_ = at_;
  state_ = State::version;
  const auto target =
      parse_target(text.substr(method_at_, method_bytes_), text.substr(target_at_, target_bytes_));
  if (!target) return refuse(target.error());
  return {};
}

// Only here do views begin: until now the buffer might have moved.
Checked<void> RequestParser::finish(std::string_view text) {
  head_.method = text.substr(method_at_, method_bytes_);
  head_.target = parse_target(head_.method, text.substr(target_at_, target_bytes_)).value_or(Target{});
  scanner_.collect(text, head_.fields);
  const auto host = host_of(head_);
  if (!host) return refuse(host.error());
  head_.host = *host;
  const auto framing = request_framing(head_.method, head_.minor, head_.fields);
  if (!framing) return refuse(framing.error());
  head_.framing = *framing;
  return {};
}

Checked<bool> ResponseParser::handle_bytes(ByteView unread) {
  const std::string_view text = text_of(unread.first(std::min(unread.size(), head_bytes_max)));
  while (at_ < text.size() && state_ != State::fields)
    if (auto read = read_byte(text); !read) return refuse(read.error());
  if (state_ == State::fields) {
    const auto ended = scanner_.scan(text, at_);
    if (!ended) return refuse(ended.error());
    if (*ended) {
      head_.reason = text.substr(status_line_start_bytes, reason_bytes_);
      if (!head_.reason.empty()) head_.reason.remove_prefix(1);  // the blank
      scanner_.collect(text, head_.fields);
      return true;
    }
  }
  if (at_ >= head_bytes_max) return refuse(431, "a head that is too long");
  return false;
}

Checked<void> ResponseParser::read_byte(std::string_view text) {
  const char c = text[at_++];
  const std::size_t index = at_ - 1;
  switch (state_) {
    case State::start:
      if (index < version_start.size() && c != version_start[index])
        return refuse(400, "a response that does not begin with HTTP/1");
      if (index == 7 && !is_digit(c)) return refuse(400, "a malformed HTTP version");
      if (index == 7) head_.minor = known_minor(c);
      if (index == version_bytes && c != ' ') return refuse(400, "a status line without a blank");
      if (index <= version_bytes) return {};
      if (!is_digit(c) || (index == 9 && (c == '0' || c > '5')))
        return refuse(400, "a status that is not 100 to 599");
      head_.status = static_cast<std::uint16_t>(head_.status * 10 + (c - '0'));
      if (index + 1 == status_line_start_bytes) state_ = State::reason;
      return {};
    case State::reason:
      if (c == '\r') {
        reason_bytes_ = index - status_line_start_bytes;
        state_ = State::reason_lf;
        return {};
      }
      if (index == status_line_start_bytes && c != ' ') return refuse(400, "a status that is not 100 to 599");
      return is_value_letter(c) ? Checked<void>() : refuse(400, "a control character in a status line");
    case State::reason_lf:
      if (c != '\n') return refuse(400, "a CR without LF in the status line");
      state_ = State::fields;
      return {};
    case State::fields:
      break;
  }
  return {};
}

}  // namespace yam::proto::http
