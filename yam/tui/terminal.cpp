#include "yam/tui/terminal.hpp"

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace yam::tui {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

std::optional<TerminalSize> terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return std::nullopt;
  return TerminalSize{size.ws_col, size.ws_row};
}

bool can_be_drawn_on(int fd) {
  const std::string_view kind = environment("TERM");
  return is_terminal(fd) && !kind.empty() && kind != "dumb";
}

bool may_be_coloured(int fd) {
  return can_be_drawn_on(fd) && environment("NO_COLOR").empty();
}

Result<std::unique_ptr<RawMode>> RawMode::open(int fd) {
  auto saved = std::make_unique<termios>();
  if (::tcgetattr(fd, saved.get()) != 0) return fail_os("cannot ask the terminal how it is set", errno);
  termios raw = *saved;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | IXON | ISTRIP | BRKINT);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (::tcsetattr(fd, TCSANOW, &raw) != 0) return fail_os("cannot set the terminal for typing", errno);
  return std::unique_ptr<RawMode>(new RawMode(fd, std::move(saved)));
}

RawMode::RawMode(int fd, std::unique_ptr<termios> saved) : fd_(fd), saved_(std::move(saved)) {}

RawMode::~RawMode() {
  ::tcsetattr(fd_, TCSANOW, saved_.get());
}

}  // namespace yam::tui
