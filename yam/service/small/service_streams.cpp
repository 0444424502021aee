#include "yam/service/small/service_streams.hpp"

#include "yam/service/small/daytime.hpp"
#include "yam/service/small/fahrenheit.hpp"
#include "yam/service/small/greet.hpp"
#include "yam/service/small/service_texts.hpp"

namespace yam::service {

namespace {

// greet and fahrenheit as a machine: what a text is answered with, and when the conversation is over.
class TextTalk {
 public:
  explicit TextTalk(ServiceKind kind) : kind_(kind) {}

  std::string handle_piece(ByteView piece) {
    std::string joined;
    std::string answers;
    for (const std::string_view text : cutter_.handle_piece(piece, joined)) {
      if (is_over_) break;
      answers += answer(text);
    }
    return answers;
  }
  // The peer has ended, or the rest of a character does not come.
  std::string handle_pause() { return cutter_.is_waiting() ? answer(cutter_.take_rest()) : std::string(); }

  bool is_waiting() const { return cutter_.is_waiting(); }
  bool is_over() const { return is_over_; }

 private:
  std::string answer(std::string_view text) {
    if (kind_ == ServiceKind::fahrenheit) return fahrenheit_answer(text);
    is_over_ = text == exit_text;
    return is_over_ ? std::string() : greeting_for(text);
  }

  ServiceKind kind_;
  bool is_over_ = false;
  TextCutter cutter_;
};

// One read and one write; false when the peer has ended or is gone. What the system did not take is left to
// `rest`.
bool echo_once(Visit& visit, net::Task<bool>& rest) {
  const ByteSpan space = visit.loop().scratch().first(echo_piece_bytes);
  const net::Attempt got = visit.stream().try_read(space);
  if (!got) return true;
  if (!*got || **got == 0) return false;
  const ByteView piece = space.first(**got);
  const auto sent = visit.send_now(piece);
  if (sent && *sent < piece.size()) rest = send_rest(visit, copy_of(piece.subspan(*sent)));
  return sent.has_value();
}

bool discard_once(Visit& visit) {
  const net::Attempt got = visit.stream().try_read(visit.loop().scratch());
  return !got || (*got && **got > 0);
}

}  // namespace

// What is between two waits is a plain function: its results would lie in every idle coroutine's frame. So
// an idle echo costs 400 bytes of user memory, frame, stream, timer and bookkeeping together (10,000 of
// them).
net::Task<> echo(std::unique_ptr<Visit> visit) {
  for (;;) {
    if (!co_await visit->stream().readable(visit->hosting().idle_deadline())) co_return;
    net::Task<bool> rest;
    if (!echo_once(*visit, rest)) co_return;
    if (!rest) continue;
    if (!co_await std::move(rest)) co_return;
  }
}

net::Task<> discard(std::unique_ptr<Visit> visit) {
  // g++ 12 makes a hang or a trap of a loop that awaits in a condition, in a coroutine without any variable.
  for (bool goes_on = true; goes_on;) {
    const bool came = co_await visit->stream().readable(visit->hosting().idle_deadline());
    goes_on = came && discard_once(*visit);
  }
}

net::Task<> tell_time(std::unique_ptr<Visit> visit) {
  const std::string time = daytime_now();
  if (!visit->send_now(bytes_of(time))) co_return;  // fits into any socket's first buffer
  auto leave = take_leave(*visit);
  co_await std::move(leave);
}

net::Task<> answer_texts(std::unique_ptr<Visit> visit) {
  TextTalk talk(visit->service().kind);
  bool has_ended = false;
  if (visit->service().kind == ServiceKind::greet) {
    if (!visit->send_now(bytes_of(welcome_text))) co_return;
  }
  while (!has_ended && !talk.is_over()) {
    const Time deadline =
        talk.is_waiting() ? after(visit->loop().now(), character_pause) : visit->hosting().idle_deadline();
    const bool came = co_await visit->stream().readable(deadline);
    std::string answers;
    if (!came) {
      if (!talk.is_waiting()) co_return;
      answers = talk.handle_pause();
    } else {
      const ByteSpan space = visit->loop().scratch().first(text_bytes_max);
      const net::Attempt got = visit->stream().try_read(space);
      if (!got) continue;
      if (!*got) co_return;
      has_ended = **got == 0;
      answers = has_ended ? talk.handle_pause() : talk.handle_piece(space.first(**got));
    }
    const auto sent = visit->send_now(bytes_of(answers));
    if (!sent) co_return;
    if (*sent == answers.size()) continue;
    auto rest = send_rest(*visit, copy_of(bytes_of(answers).subspan(*sent)));
    if (!co_await std::move(rest)) co_return;
  }
  auto leave = take_leave(*visit);
  co_await std::move(leave);
}

}  // namespace yam::service
