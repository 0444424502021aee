#include "yam/cli/progress.hpp"

#include <cstdio>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/tui/terminal.hpp"

namespace yam::cli {

namespace {

constexpr const char* erase_line = "\r\x1b[K";

std::string line_of(const Progress::Amount& amount, Duration span) {
  std::string line = escaped(amount.name) + "  " + print_bytes(amount.bytes);
  if (amount.of && *amount.of > 0)
    line += fmt::format(" of {}, {} %", print_bytes(*amount.of),
                        static_cast<std::uint64_t>(100.0 * static_cast<double>(amount.bytes) /
                                                   static_cast<double>(*amount.of)));
  const double seconds = std::chrono::duration<double>(span).count();
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(amount.bytes) / seconds);
  return rate > 0 ? line + ", " + print_rate(Rate{rate}) : line;
}

// What does not fit the terminal's width would be lines that nobody erases.
std::string cut_to(std::string line, std::size_t columns) {
  while (!line.empty() && display_width(line) >= columns) {
    line.pop_back();
    line.resize(whole_utf8(line));
  }
  return line;
}

}  // namespace

Progress::Progress(net::Loop& loop, bool wanted, std::function<Amount()> look)
    : loop_(loop), look_(std::move(look)), drawing_(loop) {
  if (wanted && tui::can_be_drawn_on(STDERR_FILENO)) drawing_.spawn(draw());
}

Progress::~Progress() {
  erase();
}

void Progress::erase() {
  if (std::exchange(drawn_, false)) std::fputs(erase_line, stderr);
}

net::Task<> Progress::draw() {
  const Time began = Clock::now();
  for (;;) {
    co_await loop_.sleep_for(pause);
    const std::size_t columns = tui::terminal_size(STDERR_FILENO).value_or(tui::TerminalSize()).columns;
    const std::string line = cut_to(line_of(look_(), Clock::now() - began), columns);
    std::fputs((erase_line + line).c_str(), stderr);
    drawn_ = true;
  }
}

}  // namespace yam::cli
