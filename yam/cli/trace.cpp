#include "yam/cli/raw/trace.hpp"

#include <cerrno>

#include "yam/net/socket/tcp_info.hpp"
#include "yam/net/traced_stream.hpp"
#include "yam/tui/terminal.hpp"

namespace yam::cli {

using Actor = LadderEvent::Actor;
using What = LadderEvent::What;

namespace {

tui::LadderStyle style_for(std::FILE* out) {
  tui::LadderStyle style;
  style.colour = out != nullptr && tui::may_be_coloured(::fileno(out));
  return style;
}

}  // namespace

void Trace::Closer::operator()(std::FILE* file) const {
  std::fclose(file);
}

Result<std::unique_ptr<Trace>> Trace::open(net::Loop& loop, const std::optional<std::string>& where) {
  if (!where) return std::unique_ptr<Trace>(new Trace(loop, nullptr));
  if (where->empty()) return std::unique_ptr<Trace>(new Trace(loop, stderr));
  std::FILE* file = std::fopen(where->c_str(), "we");
  if (file == nullptr) return fail_os("cannot write the trace to " + *where, errno);
  std::unique_ptr<Trace> trace(new Trace(loop, file));
  trace->file_.reset(file);
  return trace;
}

Trace::Trace(net::Loop& loop, std::FILE* out)
    : out_(out), text_(style_for(out)), news_(loop), drawing_(loop) {
  if (out_ != nullptr) drawing_.spawn(draw());
}

Trace::~Trace() {
  if (out_ != nullptr) draw_due(never);
}

void Trace::follow(net::Connection& connection, bool calling, std::uint32_t conversation) {
  if (out_ == nullptr) return;
  const Time now = Clock::now();
  std::fputs(text_.head(now, connection.local, connection.peer, conversation).c_str(), out_);
  LadderEvent event;
  event.when = now;
  event.conversation = conversation;
  event.from = calling ? Actor::us : Actor::peer;
  event.what = calling ? What::connected : What::accepted;
  if (connection.tcp) event.path = net::path_state_of(*connection.tcp);
  ladder_.handle_event(event);
  if (connection.tls) {
    event.what = What::tls_ready;
    event.detail = connection.tls->version + " " + connection.tls->cipher;
    event.path.reset();
    ladder_.handle_event(event);
  }
  connection.stream =
      std::make_unique<net::TracedStream>(std::move(connection.stream), ladder_, news_, conversation);
  news_.set();
}

void Trace::end(const net::Connection& connection, std::uint32_t conversation, const std::string& how) {
  if (out_ == nullptr) return;
  const auto path = connection.tcp ? net::path_state_of(*connection.tcp) : std::nullopt;
  ladder_.handle_end(conversation, Clock::now(), how, path);
  draw_due(Clock::now());
}

net::Task<> Trace::draw() {
  for (;;) {
    news_.reset();
    co_await news_.wait(ladder_.next_due());
    draw_due(Clock::now());
  }
}

void Trace::draw_due(Time now) {
  while (const auto event = ladder_.poll_event(now))
    std::fputs(text_.line(*event).c_str(), out_);
  std::fflush(out_);
}

}  // namespace yam::cli
