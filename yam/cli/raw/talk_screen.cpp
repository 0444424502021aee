#include "yam/cli/raw/talk_screen.hpp"

#include <algorithm>
#include <csignal>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/stdio.hpp"

namespace yam::cli {

namespace {

using net::Task;

constexpr std::size_t keys_bytes = 4096;  // of one read

// A message's lines without the last line end; each escaped.
std::string escaped_lines(std::string_view text) {
  std::string lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (at > 0) lines += '\n';
    lines += escaped(line);
    at = end + 1;
  }
  return lines;
}

std::size_t columns_of_terminal() {
  const auto size = tui::terminal_size(STDOUT_FILENO);
  return size ? size->columns : tui::TerminalSize().columns;
}

}  // namespace

Result<std::unique_ptr<TalkScreen>> TalkScreen::open(net::Loop& loop, bool plain) {
  auto stdio = net::open_stdio(loop);
  if (!stdio) return fail(stdio.error());
  std::unique_ptr<TalkScreen> screen(new TalkScreen(loop, std::move(*stdio)));
  if (!plain && tui::can_be_drawn_on(STDIN_FILENO) && tui::can_be_drawn_on(STDOUT_FILENO)) {
    auto resizes = net::Signals::open(loop, {SIGWINCH});
    if (!resizes) return fail(resizes.error());
    auto raw = tui::RawMode::open(STDIN_FILENO);
    if (!raw) return fail(raw.error());
    screen->resizes_ = std::move(*resizes);
    screen->raw_ = std::move(*raw);
    screen->editor_ = std::make_unique<tui::LineEditor>("> ", columns_of_terminal());
    screen->editor_->start();
    screen->news_.set();
    screen->tasks_.spawn(screen->follow_size());
  }
  screen->tasks_.spawn(screen->write());
  return screen;
}

TalkScreen::TalkScreen(net::Loop& loop, std::unique_ptr<net::Stream> stdio)
    : is_terminal_(tui::is_terminal(STDOUT_FILENO)),
      stdio_(std::move(stdio)),
      news_(loop),
      written_(loop),
      tasks_(loop) {}

// A signal may end us in the middle of anything: what takes the editor off the screen is a few bytes, which a
// terminal that lives takes at once.
TalkScreen::~TalkScreen() {
  tasks_.cancel();
  if (!editor_) return;
  editor_->stop();
  const std::string drawing = editor_->poll_drawing();
  const ByteView bytes = bytes_of(drawing);
  [[maybe_unused]] const auto attempt = stdio_->try_write({&bytes, 1});
}

// ---- What is typed ----

Task<Result<std::optional<std::string>>> TalkScreen::next_line() {
  Bytes buffer(keys_bytes);
  for (;;) {
    if (auto line = take_line()) co_return std::move(*line);
    if (input_ended_) co_return std::nullopt;
    const auto count = co_await stdio_->read(buffer);
    if (!count) co_return fail(count.error());
    input_ended_ = *count == 0;
    typed_ += text_of(ByteView(buffer).first(*count));
  }
}

std::optional<Result<std::optional<std::string>>> TalkScreen::take_line() {
  using Line = Result<std::optional<std::string>>;
  if (editor_) {
    typed_.erase(0, editor_->handle_keys(typed_));
    news_.set();
    auto event = editor_->poll_event();
    if (!event) return std::nullopt;
    switch (event->kind) {
      case tui::LineEditor::Event::Kind::line:
        return Line(std::move(event->line));
      case tui::LineEditor::Event::Kind::end_of_input:
        return Line(std::nullopt);
      case tui::LineEditor::Event::Kind::interrupt:
        return Line(fail(Code::interrupted, "interrupted"));
    }
  }
  const std::size_t end = typed_.find('\n');
  if (end == std::string::npos && typed_.size() <= typed_line_bytes_max && !(input_ended_ && !typed_.empty()))
    return std::nullopt;
  std::string line = typed_.substr(0, std::min(end, typed_line_bytes_max));
  if (line.size() < typed_.size() && typed_[line.size()] != '\n') line.resize(whole_utf8(line));
  typed_.erase(0, line.size() + (line.size() == end ? 1 : 0));
  return Line(std::move(line));
}

// ---- What is shown ----

Task<Result<void>> TalkScreen::show(std::string lead, std::string text) {
  while (unwritten_bytes_ > unwritten_bytes_max && !fault_) {
    written_.reset();
    co_await written_.wait();
  }
  if (fault_) co_return fail(*fault_);
  if (text.ends_with('\n')) text.pop_back();
  print(lead + (is_terminal_ ? escaped_lines(text) : text));
  co_return Result<void>();
}

void TalkScreen::notice(std::string_view text) {
  if (editor_) {
    print("yam: " + escaped(text));
  } else {
    say(text);
  }
}

void TalkScreen::print(std::string_view lines) {
  unwritten_bytes_ += lines.size();
  if (editor_) {
    editor_->print_above(lines);
  } else {
    plain_output_ += lines;
    plain_output_ += '\n';
  }
  news_.set();
}

Task<> TalkScreen::flush() {
  while ((writing_ || news_.is_set()) && !fault_) {
    written_.reset();
    co_await written_.wait();
  }
}

Task<> TalkScreen::write() {
  for (;;) {
    co_await news_.wait();
    news_.reset();
    writing_ = true;
    const std::string output = editor_ ? editor_->poll_drawing() : std::exchange(plain_output_, {});
    unwritten_bytes_ = 0;
    const auto done = co_await stdio_->write(bytes_of(output));
    writing_ = false;
    if (!done) fault_ = done.error();
    written_.set();
    if (fault_) co_return;
  }
}

Task<> TalkScreen::follow_size() {
  for (;;) {
    co_await resizes_->next();
    editor_->handle_resize(columns_of_terminal());
    news_.set();
  }
}

}  // namespace yam::cli
