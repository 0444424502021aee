#pragma once
// Rows of text in aligned columns, measured in terminal cells so that Chinese lines up too. Plain text: no
// frames, no colour. What it prints must have been made safe before (escaped() in base/text.hpp).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yam::tui {

class Table {
 public:
  static constexpr std::size_t gap_cells = 2;  // between columns

  // Headers may be empty: then the table has rows only.
  explicit Table(std::vector<std::string> headers = {});

  // Rows may be shorter than others; missing cells are empty.
  void add_row(std::vector<std::string> cells);

  // A line for the headers and one for each row, each with its line end and no blanks before it. Lines wider
  // than `width_max` cells end in "…"; 0 is no limit, for what is not a terminal.
  std::string text(std::size_t width_max = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the headers first
};

// `text` if it fits into `width_max` cells, else as much as leaves room for the "…" at its end. Never cuts a
// character, nor combining marks from their base.
std::string cut_to_width(std::string_view text, std::size_t width_max);

}  // namespace yam::tui
