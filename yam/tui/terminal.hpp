#pragma once
// What a descriptor's terminal is and how it is set: its size, whether it takes colour, and raw mode for as
// long as it is needed. Reads and writes nothing.

#include <cstddef>
#include <memory>
#include <optional>

#include "yam/base/result.hpp"

struct termios;

namespace yam::tui {

bool is_terminal(int fd);

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Absent when it is no terminal, or one that does not know.
std::optional<TerminalSize> terminal_size(int fd);

// A terminal that can move its cursor: $TERM is set, and not "dumb".
bool can_be_drawn_on(int fd);

// can_be_drawn_on(), and nobody has asked for NO_COLOR (no-color.org: set, and not empty).
bool may_be_coloured(int fd);

// Keys come one by one, unechoed and without signals, as long as this lives; the terminal is then as it was.
// Output is processed as before. The descriptor is borrowed.
class RawMode {
 public:
  // Code::local when `fd` is no terminal.
  static Result<std::unique_ptr<RawMode>> open(int fd);
  ~RawMode();
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;

 private:
  RawMode(int fd, std::unique_ptr<termios> saved);

  int fd_;
  std::unique_ptr<termios> saved_;
};

}  // namespace yam::tui
