#pragma once
// A small terminal to test against: a grid of cells that knows the sequences which the line editor writes,
// and fails the test at any other. It wraps and scrolls as xterm does, the pending wrap of a full row too.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>  // allowed: a header of tests

#include "yam/base/text.hpp"

namespace yam::tui {

class VirtualTerminal {
 public:
  VirtualTerminal(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows) { clear(); }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes.starts_with("\x1b[")) {
        bytes.remove_prefix(2);
        const std::size_t length = bytes.find_first_not_of("0123456789;?");
        ASSERT_NE(length, std::string_view::npos) << "a sequence is cut off";
        handle_sequence(bytes.substr(0, length), bytes[length]);
        bytes.remove_prefix(length + 1);
        continue;
      }
      const Decoded character = decode_utf8(bytes);
      ASSERT_EQ(character.kind, Utf8::valid);
      handle_character(bytes.substr(0, character.length));
      bytes.remove_prefix(character.length);
    }
  }

  // Row by row, without the blanks at their ends; the empty rows below are left out.
  std::string screen() const {
    std::string text;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows_; ++i) {
      text += row(i) + "\n";
      if (!row(i).empty()) kept = text.size();
    }
    return text.substr(0, kept);
  }
  // The row of the cursor, and where in it the cursor stands.
  std::string current_row() const { return row(y_); }
  std::size_t column() const { return x_; }
  std::size_t bells() const { return bells_; }
  bool marks_pastes() const { return marks_pastes_; }

 private:
  using Row = std::vector<std::string>;  // what stands in each cell; "" behind a wide character

  void clear() { cells_.assign(rows_, Row(columns_, " ")); }

  std::string row(std::size_t number) const {
    std::string text;
    for (const auto& cell : cells_[number])
      text += cell;
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  void handle_sequence(std::string_view parameters, char final_byte) {
    const std::string sequence = std::string(parameters) + final_byte;
    if (sequence == "K") {
      // At a pending wrap the cursor is on the last column: xterm erases the character there.
      for (std::size_t x = x_; x < columns_; ++x)
        cells_[y_][x] = " ";
    } else if (final_byte == 'C') {
      x_ = std::min(x_ + std::stoul(std::string(parameters)), columns_ - 1);
      wrap_pending_ = false;
    } else if (sequence == "H") {
      x_ = y_ = 0;
      wrap_pending_ = false;
    } else if (sequence == "2J") {
      clear();
    } else if (sequence == "?2004h" || sequence == "?2004l") {
      marks_pastes_ = final_byte == 'h';
    } else {
      FAIL() << "a sequence that the terminal does not know: " << sequence;
    }
  }

  void handle_character(std::string_view character) {
    if (character == "\a") {
      ++bells_;
    } else if (character == "\r") {
      x_ = 0;
      wrap_pending_ = false;
    } else if (character == "\n") {
      next_row();
    } else {
      ASSERT_EQ(escaped(character), character) << "a control character";
      put(character, display_width(character));
    }
  }

  void put(std::string_view character, std::size_t width) {
    if (width == 0) {
      std::size_t base = wrap_pending_ ? x_ : x_ - std::min<std::size_t>(x_, 1);
      while (base > 0 && cells_[y_][base].empty())
        --base;
      cells_[y_][base] += character;
      return;
    }
    if (wrap_pending_ || x_ + width > columns_) {
      x_ = 0;
      next_row();
    }
    cells_[y_][x_] = character;
    if (width == 2) cells_[y_][x_ + 1].clear();
    x_ += width;
    wrap_pending_ = x_ == columns_;
    if (wrap_pending_) --x_;
  }

  void next_row() {
    wrap_pending_ = false;
    if (++y_ < rows_) return;
    y_ = rows_ - 1;
    cells_.erase(cells_.begin());
    cells_.emplace_back(columns_, " ");
  }

  std::size_t columns_;
  std::size_t rows_;
  std::vector<Row> cells_;
  std::size_t x_ = 0;
  std::size_t y_ = 0;
  bool wrap_pending_ = false;
  bool marks_pastes_ = false;
  std::size_t bells_ = 0;
};

}  // namespace yam::tui
