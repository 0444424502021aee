#pragma once
// Looks for a word that ends a conversation (`bye`, `exit`): a whole line, or, since the classics' messages
// have no line end, a whole piece. It keeps at most the word's length of a line, however long lines are.

#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"

namespace yam::service {

class UntilWord {
 public:
  // An empty word is never met.
  explicit UntilWord(std::string word) : word_(std::move(word)) {}

  // True once the word has been said.
  bool handle_piece(ByteView piece) {
    if (word_.empty()) return false;
    said_ = said_ || is_word(text_of(piece));
    for (const char c : text_of(piece)) {
      if (c == '\n') {
        said_ = said_ || is_word(line_);
        line_.clear();
      } else if (line_.size() <= word_.size() + 1) {
        line_ += c;
      }
    }
    return said_ = said_ || is_word(line_);
  }

  // A message that came whole, as datagrams and frames do; it is never joined with its neighbours.
  bool handle_message(ByteView message) {
    return said_ = said_ || (!word_.empty() && is_word(text_of(message)));
  }

 private:
  bool is_word(std::string_view line) const {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line == word_;
  }

  std::string word_;
  std::string line_;  // what came since the last line end, over pieces: the word may be typed slowly
  bool said_ = false;
};

}  // namespace yam::service
