#include "yam/tui/line_editor_keys.hpp"

#include <charconv>
#include <utility>

#include "yam/base/text.hpp"

namespace yam::tui {

namespace {

constexpr char escape = '\x1b';
constexpr char ctrl(char letter) {
  return static_cast<char>(letter & 0x1f);
}
bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

std::optional<KeyPress> press(Key key) {
  return KeyPress{key, {}};
}

std::optional<KeyPress> key_of_control(char byte) {
  switch (byte) {
    case '\r':
    case '\n':
      return press(Key::enter);
    case ctrl('C'):
      return press(Key::interrupt);
    case ctrl('D'):
      return press(Key::end_of_input);
    case ctrl('B'):
      return press(Key::left);
    case ctrl('F'):
      return press(Key::right);
    case ctrl('A'):
      return press(Key::home);
    case ctrl('E'):
      return press(Key::end);
    case ctrl('P'):
      return press(Key::older);
    case ctrl('N'):
      return press(Key::newer);
    case ctrl('H'):
    case '\x7f':
      return press(Key::erase_left);
    case ctrl('U'):
      return press(Key::kill_left);
    case ctrl('K'):
      return press(Key::kill_right);
    case ctrl('W'):
      return press(Key::kill_blank);
    case ctrl('Y'):
      return press(Key::yank);
    case ctrl('L'):
      return press(Key::redraw);
    default:
      return std::nullopt;
  }
}

// The letter that ends a cursor key's sequence, in CSI and SS3 alike; `modified`: with Ctrl or Alt.
std::optional<KeyPress> key_of_letter(char letter, bool modified) {
  switch (letter) {
    case 'A':
      return press(Key::older);
    case 'B':
      return press(Key::newer);
    case 'C':
      return press(modified ? Key::word_right : Key::right);
    case 'D':
      return press(modified ? Key::word_left : Key::left);
    case 'H':
      return press(Key::home);
    case 'F':
      return press(Key::end);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<KeyPress> KeyReader::handle_byte(char byte) {
  // Whatever has been cut off or gone astray before it, ^C gets through.
  if (byte == ctrl('C')) {
    state_ = State::ground;
    pasting_ = false;
    return press(Key::interrupt);
  }
  switch (state_) {
    case State::ground:
      return handle_ground(byte);
    case State::character:
      return handle_character(byte);
    case State::escape:
      return handle_escape(byte);
    case State::control_sequence:
      return handle_control_sequence(byte);
    case State::ss3:
      state_ = State::ground;
      if (is_control(byte)) return handle_ground(byte);
      return byte == 'M' ? press(Key::enter) : key_of_letter(byte, false);  // M: the keypad's Enter
    case State::console_function:
      state_ = State::ground;
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<KeyPress> KeyReader::handle_ground(char byte) {
  const bool completes_line_end = std::exchange(after_pasted_cr_, false) && byte == '\n';
  if (byte == escape) {
    state_ = State::escape;
    return std::nullopt;
  }
  if (is_control(byte)) {
    if (!pasting_) return key_of_control(byte);
    return completes_line_end ? std::nullopt : handle_pasted(byte);
  }
  pending_.clear();
  return handle_character(byte);
}

std::optional<KeyPress> KeyReader::handle_pasted(char byte) {
  after_pasted_cr_ = byte == '\r';
  if (byte != '\r' && byte != '\n' && byte != '\t') return std::nullopt;
  return KeyPress{Key::text, byte == '\t' ? "\t" : "\n"};
}

std::optional<KeyPress> KeyReader::handle_character(char byte) {
  state_ = State::ground;
  // The character before was cut off; this byte begins something new.
  if (!pending_.empty() && is_ascii(byte)) {
    pending_.clear();
    return handle_ground(byte);
  }
  pending_ += byte;
  switch (decode_utf8(pending_).kind) {
    case Utf8::cut:
      state_ = State::character;
      return std::nullopt;
    case Utf8::valid:
      last_text_ = std::exchange(pending_, {});
      return KeyPress{Key::text, last_text_};
    case Utf8::invalid:
      break;
  }
  // A lead byte behind a cut-off character is still good.
  const bool may_begin = pending_.size() > 1;
  pending_.clear();
  return may_begin ? handle_character(byte) : std::nullopt;
}

std::optional<KeyPress> KeyReader::handle_escape(char byte) {
  state_ = State::ground;
  switch (byte) {
    case escape:
      state_ = State::escape;
      return std::nullopt;
    case '[':
      state_ = State::control_sequence;
      pending_.clear();
      return std::nullopt;
    case 'O':
      state_ = State::ss3;
      return std::nullopt;
    default:
      break;
  }
  if (pasting_ || !is_ascii(byte)) return handle_ground(byte);
  switch (byte) {
    case 'b':
    case 'B':
      return press(Key::word_left);
    case 'f':
    case 'F':
      return press(Key::word_right);
    case 'd':
    case 'D':
      return press(Key::kill_word);
    case '\x7f':
    case ctrl('H'):
      return press(Key::kill_word_left);
    default:
      return is_control(byte) ? handle_ground(byte) : std::nullopt;
  }
}

std::optional<KeyPress> KeyReader::handle_control_sequence(char byte) {
  if (is_control(byte) || !is_ascii(byte)) {  // cut off
    state_ = State::ground;
    return handle_ground(byte);
  }
  if (byte < '@') {
    if (pending_.size() <= parameter_bytes_max) pending_ += byte;
    return std::nullopt;
  }
  // The Linux console's function keys: ESC [ [ A.
  if (byte == '[' && pending_.empty()) {
    state_ = State::console_function;
    return std::nullopt;
  }
  state_ = State::ground;
  return pending_.size() > parameter_bytes_max ? std::nullopt : key_of_sequence(byte);
}

std::optional<KeyPress> KeyReader::key_of_sequence(char final_byte) {
  const std::string_view parameters = pending_;
  unsigned first = 0;
  std::from_chars(parameters.data(), parameters.data() + parameters.size(), first);
  if (pasting_) {
    if (final_byte == '~' && first == 201) pasting_ = after_pasted_cr_ = false;
    return std::nullopt;
  }
  if (final_byte != '~') return key_of_letter(final_byte, parameters.find(';') != std::string_view::npos);
  switch (first) {
    case 1:
    case 7:
      return press(Key::home);
    case 4:
    case 8:
      return press(Key::end);
    case 3:
      return press(Key::erase_right);
    case 200:
      pasting_ = true;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace yam::tui
