#include "yam/tui/terminal.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace yam::tui {
namespace {

// Both ends of a terminal that nobody sits at.
struct Pty {
  Pty() : outer(::posix_openpt(O_RDWR | O_NOCTTY)) {
    ::grantpt(outer);
    ::unlockpt(outer);
    inner = ::open(::ptsname(outer), O_RDWR | O_NOCTTY);
  }
  ~Pty() {
    ::close(inner);
    ::close(outer);
  }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  termios settings() const {
    termios now{};
    ::tcgetattr(inner, &now);
    return now;
  }

  int outer;
  int inner;
};

TEST(Terminal, IsRawWhileTheGuardLives) {
  const Pty pty;
  const termios before = pty.settings();
  {
    const auto raw = RawMode::open(pty.inner);
    ASSERT_TRUE(raw);
    const termios during = pty.settings();
    EXPECT_EQ(during.c_lflag & (ICANON | ECHO | ISIG), 0u);
    EXPECT_EQ(during.c_iflag & ICRNL, 0u);
    EXPECT_EQ(during.c_oflag, before.c_oflag);
  }
  const termios after = pty.settings();
  EXPECT_EQ(after.c_lflag, before.c_lflag);
  EXPECT_EQ(after.c_iflag, before.c_iflag);
}

TEST(Terminal, RefusesWhatIsNone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_FALSE(is_terminal(ends[0]));
  EXPECT_FALSE(terminal_size(ends[0]));
  EXPECT_FALSE(may_be_coloured(ends[0]));
  const auto raw = RawMode::open(ends[0]);
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().what, "cannot ask the terminal how it is set: inappropriate ioctl for device");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Terminal, KnowsItsSize) {
  const Pty pty;
  EXPECT_FALSE(terminal_size(pty.inner));  // nobody has said yet
  const winsize size{.ws_row = 50, .ws_col = 132, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(::ioctl(pty.outer, TIOCSWINSZ, &size), 0);
  ASSERT_TRUE(terminal_size(pty.inner));
  EXPECT_EQ(terminal_size(pty.inner)->columns, 132u);
  EXPECT_EQ(terminal_size(pty.inner)->rows, 50u);
}

TEST(Terminal, TakesColourUnlessToldOtherwise) {
  const Pty pty;
  struct Case {
    const char* term;
    const char* no_color;
    bool drawn;
    bool coloured;
  };
  for (const Case& each : {
           Case{"xterm", "", true, true},
           Case{"xterm", "1", true, false},
           Case{"dumb", "", false, false},
           Case{"", "", false, false},
       }) {
    ::setenv("TERM", each.term, 1);
    ::setenv("NO_COLOR", each.no_color, 1);
    EXPECT_EQ(can_be_drawn_on(pty.inner), each.drawn) << each.term;
    EXPECT_EQ(may_be_coloured(pty.inner), each.coloured) << each.term << each.no_color;
  }
}

}  // namespace
}  // namespace yam::tui
