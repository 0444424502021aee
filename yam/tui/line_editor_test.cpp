#include "yam/tui/line_editor.hpp"

#include <gtest/gtest.h>

#include "yam/tui/virtual_terminal_test.hpp"

namespace yam::tui {
namespace {

using Kind = LineEditor::Event::Kind;

constexpr std::string_view up = "\x1b[A", down = "\x1b[B", right = "\x1b[C", left = "\x1b[D";
constexpr std::string_view paste = "\x1b[200~", end_of_paste = "\x1b[201~";

std::string ctrl(char letter) {
  return {static_cast<char>(letter & 0x1f)};
}
std::string operator+(std::string_view a, std::string b) {
  return std::string(a) + b;
}
std::string alt(std::string_view key) {
  return "\x1b" + std::string(key);
}
std::string many(std::size_t count, std::string_view text) {
  std::string all;
  while (count-- > 0)
    all += text;
  return all;
}

// An editor in front of a terminal, and somebody who types.
struct Desk {
  explicit Desk(std::size_t columns = 40, std::size_t rows = 10)
      : terminal(columns, rows), editor("> ", columns) {
    editor.start();
    show();
  }
  void show() { terminal.write(editor.poll_drawing()); }

  void type(std::string_view keys) {
    while (!keys.empty()) {
      keys.remove_prefix(editor.handle_keys(keys));
      take_event();
    }
    show();
  }
  void type_byte_by_byte(std::string_view keys) {
    for (const char key : keys)
      type({&key, 1});
  }
  void take_event() {
    if (auto event = editor.poll_event()) events.push_back(std::move(*event));
  }
  void hear(std::string_view text) {
    editor.print_above(text);
    show();
  }

  VirtualTerminal terminal;
  LineEditor editor;
  std::vector<LineEditor::Event> events;
};

struct Case {
  std::string keys;
  std::string row;  // without the prompt
  std::size_t column;
};

void expect_row(const Case& each) {
  for (const bool whole : {true, false}) {
    Desk desk;
    whole ? desk.type(each.keys) : desk.type_byte_by_byte(each.keys);
    EXPECT_EQ(desk.terminal.current_row(), each.row.empty() ? ">" : "> " + each.row) << escaped(each.keys);
    EXPECT_EQ(desk.terminal.column(), 2 + each.column) << escaped(each.keys);
    EXPECT_TRUE(desk.events.empty());
    EXPECT_EQ(desk.terminal.bells(), 0u);
  }
}

TEST(LineEditor, MovesAndErases) {
  for (const Case& each : {
           Case{"", "", 0},
           Case{"hello", "hello", 5},
           Case{"hello" + ctrl('A'), "hello", 0},
           Case{"hello\x1b[H", "hello", 0},
           Case{"hello\x1bOH", "hello", 0},
           Case{"hello\x1b[1~", "hello", 0},
           Case{"hello\x1b[7~x", "xhello", 1},
           Case{"hello" + ctrl('A') + ctrl('E') + "!", "hello!", 6},
           Case{"hello" + ctrl('A') + "\x1b[F!", "hello!", 6},
           Case{"hello" + ctrl('A') + "\x1bOF!", "hello!", 6},
           Case{"hello" + ctrl('A') + "\x1b[4~!", "hello!", 6},
           Case{"hello" + ctrl('A') + "\x1b[8~!", "hello!", 6},
           Case{"ac" + std::string(left) + "b", "abc", 2},
           Case{"ac\x1bOD" + std::string("b"), "abc", 2},
           Case{"ac" + ctrl('B') + "b" + ctrl('F') + "d", "abcd", 4},
           Case{"ac" + std::string(left) + "b" + std::string(right) + "d", "abcd", 4},
           Case{"ab" + many(5, left) + "x", "xab", 1},
           Case{"ab" + many(5, right) + "x", "abx", 3},
           Case{"abc\x7f", "ab", 2},
           Case{"abc\b", "ab", 2},
           Case{"\x7f", "", 0},
           Case{"abc" + ctrl('A') + "\x7f", "abc", 0},
           Case{"abc" + ctrl('A') + "\x1b[3~", "bc", 0},
           Case{"abc\x1b[3~", "abc", 3},
           Case{"abc" + ctrl('A') + ctrl('D'), "bc", 0},
           Case{"abc" + ctrl('D'), "abc", 3},
       })
    expect_row(each);
}

TEST(LineEditor, KillsAndYanks) {
  for (const Case& each : {
           Case{"one two" + ctrl('U'), "", 0},
           Case{"one two" + alt("b") + ctrl('U'), "two", 0},
           Case{"one two" + alt("b") + ctrl('K'), "one", 4},
           Case{"one two" + alt("b") + ctrl('K') + ctrl('A') + ctrl('Y'), "twoone", 3},
           Case{"one two  " + ctrl('W'), "one", 4},
           Case{"one two" + ctrl('W') + ctrl('W') + ctrl('Y'), "one two", 7},
           Case{"one two" + ctrl('W') + "x" + ctrl('W') + ctrl('Y'), "one x", 5},
           Case{"one two" + ctrl('A') + alt("d") + alt("d") + ctrl('Y') + ctrl('Y'), "one twoone two", 14},
           Case{"a/b-c" + ctrl('W'), "", 0},
           Case{"a/b-c" + alt("\x7f"), "a/b-", 4},
           Case{"a/b-c" + alt("\b"), "a/b-", 4},
           Case{"one two" + alt("b") + alt("b") + alt("f") + "!", "one! two", 4},
           Case{"one two\x1b[1;5D!", "one !two", 5},
           Case{"one two" + ctrl('A') + "\x1b[1;3C!", "one! two", 4},
           Case{ctrl('Y') + ctrl('K') + ctrl('W') + alt("d"), "", 0},
       })
    expect_row(each);
}

TEST(LineEditor, CountsInCellsAndClusters) {
  const std::string e_acute = "e\u0301";
  for (const Case& each : {
           Case{"你好", "你好", 4},
           Case{"你好" + std::string(left), "你好", 2},
           Case{"你好" + std::string(left) + "们", "你们好", 4},
           Case{"你好\x7f", "你", 2},
           Case{"a你b" + ctrl('A') + std::string(right) + std::string(right), "a你b", 3},
           Case{"x" + e_acute, "x" + e_acute, 2},
           Case{"x" + e_acute + "\x7f", "x", 1},
           Case{"x" + e_acute + std::string(left), "x" + e_acute, 1},
           Case{"x" + e_acute + ctrl('A') + std::string(right) + "\x1b[3~", "x", 1},
           Case{"e" + ctrl('A') + std::string(right) + "\u0301!", e_acute + "!", 2},
           Case{".\u0301a" + alt("b") + "x", ".\u0301xa", 2},
           Case{"🎉b" + std::string(left) + "\x7f" + "a", "ab", 1},
       })
    expect_row(each);
}

TEST(LineEditor, DropsWhatItDoesNotKnow) {
  for (const Case& each : {
           Case{"a\tb", "ab", 2}, Case{ctrl('O') + ctrl('V') + ctrl('Z') + "a" + ctrl('X') + "\\", "a\\", 2},
           Case{"a\x1b[5~\x1b[15~\x1b[Z\x1b[<0;1;1Mb", "ab", 2}, Case{"a\x1b[[Ab", "ab", 2},
           Case{"a\x1bOPb", "ab", 2}, Case{"a\x1bqb", "ab", 2}, Case{"a\x1b\x1b[Db", "ba", 1},
           Case{"a\x1b[" + many(40, "1;") + "Db", "ab", 2},
           Case{"a\x1b[1;" + std::string(left) + "b", "ba", 1},  // cut off by the next one
           Case{"a\x1b[1;\xe4\xbd\xa0", "a你", 3}, Case{"a\xff\x80\xc0" + std::string("b"), "ab", 2},
           Case{"a\xe4\xbd" + std::string("b"), "ab", 2},  // a character cut off
           Case{"a\xe4\xbd\xe4\xbd\xa0" + std::string(""), "a你", 3},
           Case{"a\xed\xa0\x80" + std::string("b"), "ab", 2},             // a surrogate
           Case{"a\xc2\x9b" + std::string("31m"), "a\\xc2\\x9b31m", 12},  // C1, as its bytes
       })
    expect_row(each);
}

TEST(LineEditor, TakesAPasteAsText) {
  for (const Case& each : {
           Case{std::string(paste) + "a\rb\nc\r\nd" + std::string(end_of_paste) + "e", "a\\nb\\nc\\nde", 11},
           Case{std::string(paste) + "\t你" + std::string(end_of_paste), "\\t你", 4},
           Case{std::string(paste) + ctrl('D') + ctrl('U') + "\x7fx\x1b[Dy" + std::string(end_of_paste), "xy",
                2},
           Case{std::string(paste) + "a\nb" + std::string(end_of_paste) + many(2, left) + "\x7f", "\\nb", 0},
       })
    expect_row(each);

  Desk desk;
  desk.type(std::string(paste) + "a\rb" + std::string(end_of_paste) + "\r");
  ASSERT_EQ(desk.events.size(), 1u);
  EXPECT_EQ(desk.events[0].line, "a\nb");
}

TEST(LineEditor, GivesLinesInterruptsAndTheEnd) {
  Desk desk;
  desk.type("one\r你好\n\r\x1bOM");
  desk.type("unfinished" + ctrl('C'));
  std::vector<std::string> lines;
  for (const auto& event : desk.events)
    if (event.kind == Kind::line) lines.push_back(event.line);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "你好", "", ""}));
  EXPECT_EQ(desk.events.back().kind, Kind::interrupt);
  EXPECT_EQ(desk.terminal.screen(), "> one\n> 你好\n>\n>\n> unfinished\n");

  Desk other;
  other.type(ctrl('D'));
  ASSERT_EQ(other.events.size(), 1u);
  EXPECT_EQ(other.events[0].kind, Kind::end_of_input);
}

TEST(LineEditor, IsInterruptedWhereverAKeyWasCutOff) {
  for (const std::string_view before :
       {"", "\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\xe4\xbd", "\x1b[[", "\x1b[200~a"}) {
    Desk desk;
    desk.type(before + ctrl('C') + "ok");
    ASSERT_EQ(desk.events.size(), 1u) << escaped(before);
    EXPECT_EQ(desk.events[0].kind, Kind::interrupt);
    EXPECT_TRUE(desk.editor.line().ends_with("ok")) << desk.editor.line();
  }
}

TEST(LineEditor, WaitsWithAnEventUntilItIsPolled) {
  LineEditor editor("> ", 80);
  EXPECT_EQ(editor.handle_keys("ab\rcd\r"), 3u);
  EXPECT_EQ(editor.handle_keys("cd\r"), 0u);
  EXPECT_EQ(editor.poll_event()->line, "ab");
  EXPECT_EQ(editor.handle_keys("cd\r"), 3u);
  EXPECT_EQ(editor.poll_event()->line, "cd");
  EXPECT_FALSE(editor.poll_event());
}

TEST(LineEditor, RemembersLines) {
  Desk desk;
  desk.type("first\rsecond\rsecond\r\rdraft");
  const auto expect = [&](std::string_view keys, std::string_view row) {
    desk.type(keys);
    EXPECT_EQ(desk.terminal.current_row(), "> " + std::string(row));
  };
  expect(up, "second");
  expect(ctrl('P'), "first");
  expect(up, "first");
  expect(down, "second");
  expect(ctrl('N'), "draft");
  expect(down, "draft");
  expect(up + std::string("!"), "second!");
  desk.type("\r");
  EXPECT_EQ(desk.events.back().line, "second!");
  expect(up, "second!");
  expect(up, "second");
}

TEST(LineEditor, KeepsToItsBounds) {
  Desk desk;
  desk.type(std::string(LineEditor::line_bytes_max, 'x'));
  EXPECT_EQ(desk.terminal.bells(), 0u);
  desk.type("yz");
  EXPECT_EQ(desk.terminal.bells(), 1u);
  EXPECT_EQ(desk.editor.line(), std::string(LineEditor::line_bytes_max, 'x'));
  desk.type("\x7f你");
  EXPECT_EQ(desk.terminal.bells(), 2u);
  EXPECT_EQ(desk.editor.line().size(), LineEditor::line_bytes_max - 1);

  Desk other;
  for (std::size_t i = 0; i <= LineEditor::history_lines_max; ++i)
    other.type("line " + std::to_string(i) + "\r");
  other.type(many(LineEditor::history_lines_max + 5, up));
  EXPECT_EQ(other.editor.line(), "line 1");
}

TEST(LineEditor, ScrollsInOneRow) {
  Desk desk(16);  // 11 cells for text, between '<' and '>'
  desk.type("abcdefghijk");
  EXPECT_EQ(desk.terminal.screen(), "> abcdefghijk\n");
  desk.type("l");
  EXPECT_EQ(desk.terminal.screen(), "> <bcdefghijkl\n");
  EXPECT_EQ(desk.terminal.column(), 14u);
  desk.type("你");
  EXPECT_EQ(desk.terminal.screen(), "> <defghijkl你\n");
  desk.type(ctrl('A'));
  EXPECT_EQ(desk.terminal.screen(), "> abcdefghijk>\n");
  EXPECT_EQ(desk.terminal.column(), 2u);
  desk.type(ctrl('E') + many(10, left));
  EXPECT_EQ(desk.terminal.column(), 2u + 3u);
  desk.type(ctrl('E') + "\x7f");
  EXPECT_EQ(desk.terminal.screen(), "> <bcdefghijkl\n");
  desk.type("\x7f");
  EXPECT_EQ(desk.terminal.screen(), "> abcdefghijk\n");
}

TEST(LineEditor, ShowsWhatStandsBeforeTheCursor) {
  Desk desk(16);
  desk.type("0123456789abcdefghijklmnop");
  EXPECT_EQ(desk.terminal.screen(), "> <fghijklmnop\n");
  desk.type(many(11, left));
  EXPECT_EQ(desk.terminal.screen(), "> <abcdefghijk>\n");
  EXPECT_EQ(desk.terminal.column(), 3u + 5u);
  desk.type(many(11, "\x7f"));
  EXPECT_EQ(desk.terminal.screen(), "> 0123fghijkl>\n");
}

TEST(LineEditor, LeavesALongLineWholeOnTheScreen) {
  Desk desk(16);
  desk.type("0123456789abcd\rx");  // with the prompt exactly one row
  EXPECT_EQ(desk.terminal.screen(), "> 0123456789abcd\n> x\n");
  desk.type(
      "\x7f"
      "0123456789abcde\rx");
  EXPECT_EQ(desk.terminal.screen(), "> 0123456789abcd\n> 0123456789abcd\ne\n> x\n");
}

TEST(LineEditor, PrintsAboveWhatIsBeingTyped) {
  Desk desk(24);
  desk.type("写了一e\u0301半" + std::string(left));
  const std::size_t column = desk.terminal.column();
  desk.hear("驿站: 你好\nsecond line\n");
  EXPECT_EQ(desk.terminal.screen(), "驿站: 你好\nsecond line\n> 写了一e\u0301半\n");
  EXPECT_EQ(desk.terminal.column(), column);
  desk.hear("a line that is exactly 24");  // and one that the terminal wraps
  desk.type("多");
  EXPECT_EQ(desk.terminal.screen(),
            "驿站: 你好\nsecond line\na line that is exactly 2\n4\n> 写了一e\u0301多半\n");
  EXPECT_EQ(desk.terminal.column(), column + 2);
  desk.hear("a line of just twenty-4!");
  EXPECT_EQ(desk.terminal.screen(),
            "驿站: 你好\nsecond line\na line that is exactly 2\n4\na line of just twenty-4!\n> "
            "写了一e\u0301多半\n");
  desk.type("\r");
  EXPECT_EQ(desk.events.back().line, "写了一e\u0301多半");
}

TEST(LineEditor, PrintsAboveALineThatIsScrolled) {
  Desk desk(16, 3);
  desk.type("abcdefghijklmnop");
  for (const char* text : {"one", "two", "three"})
    desk.hear(text);
  EXPECT_EQ(desk.terminal.screen(), "two\nthree\n> <fghijklmnop\n");
}

TEST(LineEditor, DrawsInOneString) {
  LineEditor editor("> ", 80);
  EXPECT_EQ(editor.poll_drawing(), "");
  editor.start();
  editor.handle_keys("hi");
  editor.poll_drawing();
  EXPECT_EQ(editor.poll_drawing(), "");
  editor.print_above("heard");
  EXPECT_EQ(editor.poll_drawing(), "\r\x1b[Kheard\r\n\r> hi\x1b[K\r\x1b[4C");
}

TEST(LineEditor, StartsStopsClearsAndResizes) {
  Desk desk(40);
  EXPECT_TRUE(desk.terminal.marks_pastes());
  desk.type("one\rtwo" + ctrl('L'));
  EXPECT_EQ(desk.terminal.screen(), "> two\n");
  desk.type("0123456789abcdef");
  desk.editor.handle_resize(20);
  desk.show();
  EXPECT_EQ(desk.terminal.screen(), "> <123456789abcdef\n");
  desk.editor.stop();
  desk.show();
  EXPECT_EQ(desk.terminal.screen(), "");
  EXPECT_FALSE(desk.terminal.marks_pastes());
  desk.hear("after the end");
  EXPECT_EQ(desk.terminal.screen(), "after the end\n");
}

TEST(LineEditor, LeavesAWidePromptOut) {
  LineEditor editor("a prompt as wide as the row> ", 0);
  editor.start();
  editor.handle_keys("hi");
  VirtualTerminal terminal(LineEditor::columns_min, 2);
  terminal.write(editor.poll_drawing());
  EXPECT_EQ(terminal.screen(), "hi\n");
}

}  // namespace
}  // namespace yam::tui
