#include "yam/cli/trace.hpp"

#include <cerrno>

#include "yam/cli/voice.hpp"
#include "yam/net/socket/tcp_info.hpp"
#include "yam/net/traced_stream.hpp"
#include "yam/tui/terminal.hpp"

namespace yam::cli {

using Actor = LadderEvent::Actor;
using What = LadderEvent::What;

namespace {

tui::LadderStyle style_for(std::FILE* out, std::size_t columns) {
  tui::LadderStyle style;
  style.columns = columns;
  if (const auto size = out != nullptr ? tui::terminal_size(::fileno(out)) : std::nullopt)
    style.columns = size->columns;
  style.colour = out != nullptr && tui::may_be_coloured(::fileno(out));
  return style;
}

}  // namespace

void Trace::Closer::operator()(std::FILE* file) const {
  std::fclose(file);
}

Result<std::unique_ptr<Trace>> Trace::open(net::Loop& loop, const std::optional<std::string>& where,
                                           std::size_t columns, service::LineWriter* voice) {
  if (!where) return std::unique_ptr<Trace>(new Trace(loop, nullptr, columns));
  if (where->empty()) {
    std::unique_ptr<Trace> trace(new Trace(loop, stderr, columns));
    trace->voice_ = voice;
    return trace;
  }
  std::FILE* file = std::fopen(where->c_str(), "we");
  if (file == nullptr) return fail_os("cannot write the trace to " + *where, errno);
  std::unique_ptr<Trace> trace(new Trace(loop, file, columns));
  trace->file_.reset(file);
  return trace;
}

Trace::Trace(net::Loop& loop, std::FILE* out, std::size_t columns)
    : loop_(loop), out_(out), text_(style_for(out, columns)), news_(loop), drawing_(loop) {
  if (out_ != nullptr) drawing_.spawn(draw());
}

Trace::~Trace() {
  if (out_ == nullptr) return;
  draw_due(never);
  draw_handed();
  if (file_ && std::ferror(out_) != 0) say("not all of the trace could be written");
}

void Trace::follow(net::Connection& connection, bool calling, std::uint32_t conversation) {
  if (out_ == nullptr) return;
  const Time now = Clock::now();
  write(text_.head(now, connection.local, connection.peer, conversation));
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

void Trace::write(const std::string& text) {
  if (voice_ != nullptr) {
    voice_->put(text);
  } else {
    std::fputs(text.c_str(), out_);
  }
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
    write(text_.line(*event));
  std::fflush(out_);
}

LadderSink* Trace::sink(bool is_one) {
  if (out_ == nullptr) return nullptr;
  inbox_.emplace(
      loop_, is_one, [this](const std::deque<service::LadderInbox::Line>& lines, std::uint64_t left_out) {
        for (const auto& line : lines) {
          const auto* head = std::get_if<service::LadderInbox::Head>(&line);
          const std::string text = head != nullptr
                                       ? text_.head(head->when, head->us, head->peer, head->conversation)
                                       : text_.line(std::get<LadderEvent>(line));
          write(text);
        }
        if (left_out > 0) write("(" + std::to_string(left_out) + " lines left out)\n");
        std::fflush(out_);
      });
  return &*inbox_;
}

void Trace::draw_handed() {
  if (inbox_) inbox_->empty();
}

}  // namespace yam::cli
