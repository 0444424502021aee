#include "yam/cli/raw/talk_run.hpp"

#include "yam/base/address/endpoint.hpp"
#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/net/socket/resolver.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

namespace {

using net::Task;
using service::ExchangeEnd;

constexpr Duration resolve_timeout = std::chrono::seconds(10);

// Who says it, as the course's chat program prints it: >>>('127.0.0.1', 7890):
std::string lead_of(const IpPort& from) {
  return ">>>('" + from.address.to_string() + "', " + std::to_string(from.port) + "):";
}

}  // namespace

TalkRun::TalkRun(net::Loop& loop, service::Talk& talk, service::DatagramTalk* room, TalkScreen& screen,
                 TalkRules rules, std::string peer)
    : loop_(loop),
      talk_(talk),
      room_(room),
      screen_(screen),
      rules_(std::move(rules)),
      peer_(std::move(peer)),
      heard_word_(rules_.until),
      last_said_(loop.now()),
      news_(loop),
      tasks_(loop) {}

Task<ExchangeEnd> TalkRun::run() {
  tasks_.spawn(hear());
  tasks_.spawn(type());
  while (!over_) {
    news_.reset();
    const bool has_news = co_await news_.wait(silence_deadline());
    if (has_news || loop_.now() < silence_deadline()) continue;
    if (rules_.idle < Duration::zero()) {
      finish(How::local_ended, std::nullopt);
    } else {
      Error fault{Code::timeout, "nothing was said for " + print_duration(rules_.idle), ""};
      finish(How::fell_silent, std::move(fault));
    }
  }
  tasks_.cancel();
  if (!end_.fault) co_await talk_.leave();
  if (rules_.json) {
    const auto shown = co_await screen_.show("", json_ended(peer_, end_));
    if (!shown && !end_.fault) end_.fault = shown.error();
  }
  co_return std::move(end_);
}

// Over UDP nobody says that he is done: when our input was a file or a pipe, a little silence is taken for
// it.
Time TalkRun::silence_deadline() const {
  if (rules_.idle >= Duration::zero()) return after(last_said_, rules_.idle);
  return room_ != nullptr && input_ended_ ? after(last_said_, service::datagram_silence) : never;
}

void TalkRun::finish(How how, std::optional<Error> fault) {
  if (over_) return;
  over_ = true;
  end_.how = how;
  end_.fault = std::move(fault);
  news_.set();
}

// ---- What the peer says ----

Task<> TalkRun::hear() {
  while (!over_) {
    auto heard = co_await talk_.hear();
    if (!heard) co_return finish(How::failed, heard.error());
    if (!heard->has_value()) co_return finish(input_ended_ ? How::both_ended : How::peer_ended, std::nullopt);
    const service::TalkMessage message = std::move(**heard);
    last_said_ = loop_.now();
    end_.received += message.text.size();
    const bool is_last = is_last_word(message.text);
    const auto shown = co_await show(message);
    if (!shown) co_return finish(How::failed, shown.error());
    if (is_last) finish(How::word_said, std::nullopt);
  }
}

Task<Result<void>> TalkRun::show(service::TalkMessage message) {
  if (rules_.json) {
    tui::JsonLine line;
    line.field("event", "received").field("peer", message.from ? message.from->to_string() : peer_);
    line.field("bytes", message.text.size()).bytes("data", bytes_of(message.text));
    co_return co_await screen_.show("", line.take());
  }
  std::string lead;
  if (message.from) lead = lead_of(*message.from);
  co_return co_await screen_.show(lead, message.text);
}

// The word alone in a message; over a stream, also in a line that came in parts.
bool TalkRun::is_last_word(std::string_view text) {
  if (rules_.until.empty()) return false;
  const bool ends_line = room_ == nullptr && heard_word_.handle_piece(bytes_of(text));
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return ends_line || text == rules_.until;
}

// ---- What our person types ----

Task<> TalkRun::type() {
  while (!over_) {
    auto line = co_await screen_.next_line();
    if (!line) co_return finish(How::failed, line.error());
    if (!line->has_value()) {
      input_ended_ = true;
      last_said_ = loop_.now();
      if (screen_.is_drawn()) co_return finish(How::local_ended, std::nullopt);  // ^D: our person has left
      end_.local_first = true;
      const auto told = co_await talk_.finish();
      if (!told) co_return finish(How::failed, told.error());
      co_return news_.set();
    }
    const bool is_command = (room_ != nullptr || screen_.is_drawn()) && (*line)->starts_with('/');
    std::string words = std::move(**line);
    const bool is_said = !is_command || words.starts_with("//");
    if (is_command && is_said) words.erase(0, 1);
    Result<void> done;
    if (is_said) {
      done = co_await say(words);
    } else {
      done = co_await obey(words);
    }
    if (done) continue;
    // A person can do better next time; a script cannot, and a connection that broke stays broken.
    const bool may_go_on = screen_.is_drawn() && (room_ != nullptr || is_command);
    if (!may_go_on) co_return finish(How::failed, done.error());
    screen_.notice(done.error().what);
    if (!done.error().hint.empty()) screen_.notice("hint: " + done.error().hint);
  }
}

Task<Result<void>> TalkRun::say(std::string line) {
  const bool is_last = !rules_.until.empty() && line == rules_.until;
  const std::string message = line + rules_.line_end;
  auto said = co_await talk_.say(message);
  if (!said) co_return said;
  last_said_ = loop_.now();
  end_.sent += message.size();
  if (is_last) finish(How::word_said, std::nullopt);
  co_return said;
}

Task<Result<void>> TalkRun::obey(std::string command) {
  const bool is_udp = room_ != nullptr;
  if (command == "/quit") {
    finish(How::local_ended, std::nullopt);
  } else if (is_udp && command == "/who") {
    tell_who();
  } else if (is_udp && (command == "/to" || command.starts_with("/to "))) {
    command.erase(0, std::string_view("/to ").size());
    co_return co_await speak_to(command);
  } else {
    co_return fail(Code::usage, "there is no command " + quoted(command),
                   is_udp ? "/to HOST:PORT, /who, /quit; // says a line that begins with /"
                          : "/quit leaves; // says a line that begins with /");
  }
  co_return Result<void>();
}

Task<Result<void>> TalkRun::speak_to(std::string place) {
  const auto wanted = Endpoint::parse("udp://" + place, Side::calling);
  if (!wanted) co_return fail(Code::usage, "/to wants HOST:PORT, not " + quoted(place));
  const auto addresses = co_await net::resolve(loop_, wanted->host, after(loop_.now(), resolve_timeout));
  if (!addresses) co_return fail(addresses.error());
  const IpPort partner{addresses->front(), wanted->port};
  room_->speak_to(partner);
  screen_.notice("speaking to " + partner.to_string());
  co_return Result<void>();
}

void TalkRun::tell_who() {
  if (room_->heard().empty()) screen_.notice("nobody has written yet");
  for (const IpPort& place : room_->heard())
    screen_.notice(place.to_string() + (place == room_->partner() ? " (you speak to)" : ""));
}

}  // namespace yam::cli
