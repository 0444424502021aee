#pragma once
// Our person's side of a talk: lines that are typed, and what is shown. On a terminal a line editor, with
// what arrives printed above it; otherwise plain lines on stdin and stdout. The terminal is given back as it
// was, however the talk ends.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/loop/signals.hpp"
#include "yam/net/stream.hpp"
#include "yam/tui/line_editor.hpp"
#include "yam/tui/terminal.hpp"

namespace yam::cli {

class TalkScreen {
 public:
  static constexpr std::size_t typed_line_bytes_max = 65'507;  // a longer line goes out in parts
  static constexpr std::size_t unwritten_bytes_max = 256 * 1024;

  // `plain`: no editor, wherever we are. Code::local.
  static Result<std::unique_ptr<TalkScreen>> open(net::Loop& loop, bool plain);
  ~TalkScreen();
  TalkScreen(const TalkScreen&) = delete;
  TalkScreen& operator=(const TalkScreen&) = delete;

  // Somebody sits there, and sees what we draw.
  bool is_drawn() const { return editor_ != nullptr; }

  // The next line, without its end; nothing at the end of input. Code::interrupted for ^C.
  net::Task<Result<std::optional<std::string>>> next_line();

  // What the network said behind what we say of it (`lead`), as lines. A terminal gets it escaped, a file or
  // a pipe as it is. Waits while too much is unwritten; one task may wait.
  net::Task<Result<void>> show(std::string lead, std::string text);

  // "yam: text", to the person alone.
  void notice(std::string_view text);

  // Until everything is written.
  net::Task<> flush();

 private:
  TalkScreen(net::Loop& loop, std::unique_ptr<net::Stream> stdio);
  std::optional<Result<std::optional<std::string>>> take_line();
  void print(std::string_view lines);
  net::Task<> write();
  net::Task<> follow_size();

  bool is_terminal_;  // stdout
  std::unique_ptr<tui::RawMode> raw_;
  std::unique_ptr<net::Stream> stdio_;
  std::unique_ptr<tui::LineEditor> editor_;
  std::unique_ptr<net::Signals> resizes_;
  std::string typed_;
  bool input_ended_ = false;
  std::string plain_output_;
  std::size_t unwritten_bytes_ = 0;
  bool writing_ = false;
  std::optional<Error> fault_;  // of writing
  net::Event news_;
  net::Event written_;
  net::Scope tasks_;  // last: cancelled before what the tasks point at
};

}  // namespace yam::cli
