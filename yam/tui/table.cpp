#include "yam/tui/table.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/text.hpp"

namespace yam::tui {

Table::Table(std::vector<std::string> headers) {
  if (!headers.empty()) rows_.push_back(std::move(headers));
}

void Table::add_row(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::string Table::text(std::size_t width_max) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }

  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    std::size_t blanks = 0;  // owed before the next cell that holds something
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].empty()) line += std::string(std::exchange(blanks, 0), ' ') + row[i];
      blanks += widths[i] - display_width(row[i]) + gap_cells;
    }
    text += width_max == 0 ? line : cut_to_width(line, width_max);
    text += '\n';
  }
  return text;
}

std::string cut_to_width(std::string_view text, std::size_t width_max) {
  if (display_width(text) <= width_max) return std::string(text);
  if (width_max == 0) return {};
  std::size_t kept = 0;
  for (std::size_t at = 0, width = 0; at < text.size();) {
    const std::size_t length = decode_utf8(text.substr(at)).length;
    width += display_width(text.substr(at, length));
    if (width > width_max - 1) break;
    kept = at += length;
  }
  return std::string(text.substr(0, kept)) + "…";
}

}  // namespace yam::tui
