#pragma once
// Raw bytes from a terminal as the keys that were pressed (ECMA-48 §5.4 control sequences, xterm's and the
// Linux console's keys, bracketed paste). A machine without I/O and without a clock: a sequence that has been
// cut off waits for the rest, a lone Escape for the key behind it. What it does not know it drops.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yam::tui {

enum class Key : std::uint8_t {
  text,  // a code point, typed or pasted; of control characters only '\n' and '\t', and only pasted
  enter,
  interrupt,       // ^C
  end_of_input,    // ^D
  left,            // ^B
  right,           // ^F
  word_left,       // Alt-B, Ctrl-Left
  word_right,      // Alt-F, Ctrl-Right
  home,            // ^A
  end,             // ^E
  older,           // Up, ^P
  newer,           // Down, ^N
  erase_left,      // Backspace, ^H
  erase_right,     // Delete
  kill_left,       // ^U
  kill_right,      // ^K
  kill_blank,      // ^W: back to the blank
  kill_word,       // Alt-D
  kill_word_left,  // Alt-Backspace
  yank,            // ^Y
  redraw,          // ^L
};

struct KeyPress {
  Key key = Key::text;
  std::string_view text;  // UTF-8, for Key::text; borrowed until the next byte
};

class KeyReader {
 public:
  // At most one key per byte.
  std::optional<KeyPress> handle_byte(char byte);

 private:
  enum class State : std::uint8_t { ground, character, escape, ss3, control_sequence, console_function };

  std::optional<KeyPress> handle_ground(char byte);
  std::optional<KeyPress> handle_character(char byte);
  std::optional<KeyPress> handle_escape(char byte);
  std::optional<KeyPress> handle_control_sequence(char byte);
  std::optional<KeyPress> handle_pasted(char byte);
  std::optional<KeyPress> key_of_sequence(char final_byte);

  // Room for the longest sequence that means something to us; longer ones mean nothing.
  static constexpr std::size_t parameter_bytes_max = 16;

  State state_ = State::ground;
  bool pasting_ = false;
  bool after_pasted_cr_ = false;
  std::string pending_;  // a character's first bytes, or a sequence's parameters
  std::string last_text_;
};

}  // namespace yam::tui
