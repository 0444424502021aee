#pragma once
// One line being typed in a terminal, with the keys that people know from readline, a history, and widths
// that are right for Chinese. A machine without I/O: feed what the terminal sent to handle_keys, drain
// poll_event and poll_drawing, and write the drawing in one go.
//
// The line keeps to one row and scrolls sideways in it, so that it can always be erased whole: print_above
// puts what arrives meanwhile above it, and nothing tears. It completes nothing and knows no other keymap.

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "yam/tui/line_editor_keys.hpp"

namespace yam::tui {

class LineEditor {
 public:
  static constexpr std::size_t line_bytes_max = 8192;  // what would exceed it is refused with a bell
  static constexpr std::size_t history_lines_max = 500;
  static constexpr std::size_t columns_min = 16;  // a narrower terminal is drawn as if it had so many

  struct Event {
    enum class Kind : std::uint8_t {
      line,          // Enter; `line` may be empty, and holds what was pasted, line ends as '\n'
      end_of_input,  // ^D on an empty line
      interrupt,     // ^C
    };
    Kind kind = Kind::line;
    std::string line;  // UTF-8, without its line end
  };

  // `prompt` is printable text without colours; it is left out where it would take half the row. Nothing is
  // drawn before start().
  LineEditor(std::string prompt, std::size_t columns);

  // Shows the prompt, and asks the terminal to mark what is pasted; stop() takes both back.
  void start();
  void stop();

  // Takes keys up to the one that makes an event, and gives how many bytes that was: none while an event
  // waits to be polled.
  std::size_t handle_keys(std::string_view bytes);
  void handle_resize(std::size_t columns);

  // `text`, one line or several, above the line being typed. It must be printable (escaped() in
  // base/text.hpp): what it holds goes to the terminal as it is.
  void print_above(std::string_view text);

  std::optional<Event> poll_event();

  // Bytes for the terminal since the last time; empty when nothing has changed.
  std::string poll_drawing();

  const std::string& line() const { return line_; }

 private:
  struct Cluster {
    std::size_t end;
    std::size_t width;
  };
  enum class Way : bool { back, ahead };

  void handle_key(const KeyPress& press);
  void edit(const KeyPress& press);
  void insert(std::string_view text);
  void erase(std::size_t from, std::size_t to);
  void kill(std::size_t from, std::size_t to, Way way);
  void recall(std::size_t entry);
  void finish_line();

  // A cluster is a character with the marks that combine with it.
  bool begins_cluster(std::size_t at) const;
  Cluster cluster_at(std::size_t at) const;
  std::size_t cluster_before(std::size_t at) const;
  std::size_t word_before(std::size_t at) const;
  std::size_t word_after(std::size_t at) const;
  std::size_t width_between(std::size_t from, std::size_t to) const;

  std::string_view prompt() const;
  std::size_t text_columns() const;
  void scroll();
  std::string row();

  KeyReader keys_;
  std::string prompt_;
  std::size_t columns_;

  std::string line_;
  std::size_t cursor_ = 0;  // byte offsets into line_, both at the start of a cluster
  std::size_t first_ = 0;   // the first that is shown
  std::string killed_;
  bool killing_ = false;  // the key before this one killed too: ^Y brings back both

  std::deque<std::string> history_;  // the oldest first
  std::size_t recalled_ = 0;         // which of it is shown; history_.size(): the draft
  std::string draft_;                // what was being typed before that

  std::optional<Event> event_;
  std::string output_;
  bool is_shown_ = false;
  bool row_changed_ = false;
  bool refused_ = false;
};

}  // namespace yam::tui
