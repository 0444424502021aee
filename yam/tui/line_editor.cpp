#include "yam/tui/line_editor.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "yam/base/text.hpp"

namespace yam::tui {

namespace {

constexpr std::string_view erase_row = "\r\x1b[K";
constexpr std::string_view clear_screen = "\x1b[H\x1b[2J";
constexpr std::string_view mark_pastes = "\x1b[?2004h";
constexpr std::string_view stop_marking_pastes = "\x1b[?2004l";

// A control character, which only a paste can bring, is drawn as its escape and takes that width.
std::size_t shown_width(std::string_view text) {
  return display_width(escaped(text));
}

bool is_word_byte(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}
std::string_view character_at(std::string_view text, std::size_t at) {
  return text.substr(at, decode_utf8(text.substr(at)).length);
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

}  // namespace

LineEditor::LineEditor(std::string prompt, std::size_t columns)
    : prompt_(std::move(prompt)), columns_(std::max(columns, columns_min)) {}

void LineEditor::start() {
  is_shown_ = row_changed_ = true;
  output_ += mark_pastes;
}

void LineEditor::stop() {
  if (!std::exchange(is_shown_, false)) return;
  output_ += erase_row;
  output_ += stop_marking_pastes;
}

std::size_t LineEditor::handle_keys(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !event_) {
    if (const auto press = keys_.handle_byte(bytes[taken++])) handle_key(*press);
  }
  return taken;
}

void LineEditor::handle_resize(std::size_t columns) {
  columns_ = std::max(columns, columns_min);
  row_changed_ = true;
}

void LineEditor::print_above(std::string_view text) {
  if (is_shown_) output_ += erase_row;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const char c : text)
    output_ += c == '\n' ? "\r\n" : std::string_view(&c, 1);
  output_ += "\r\n";
  row_changed_ = true;
}

std::optional<LineEditor::Event> LineEditor::poll_event() {
  return std::exchange(event_, std::nullopt);
}

std::string LineEditor::poll_drawing() {
  std::string drawing = std::exchange(output_, {});
  if (is_shown_ && std::exchange(row_changed_, false)) drawing += row();
  if (std::exchange(refused_, false)) drawing += '\a';
  return drawing;
}

// ---- What keys do ----

void LineEditor::handle_key(const KeyPress& press) {
  const bool was_killing = killing_;
  killing_ = press.key == Key::kill_left || press.key == Key::kill_right || press.key == Key::kill_blank ||
             press.key == Key::kill_word || press.key == Key::kill_word_left;
  if (killing_ && !was_killing) killed_.clear();
  row_changed_ = true;

  edit(press);
  // Words end, and marks join what was typed before them, without regard to clusters; the cursor has it.
  while (!begins_cluster(cursor_))
    cursor_ = cluster_at(cursor_).end;
}

void LineEditor::edit(const KeyPress& press) {
  switch (press.key) {
    case Key::text:
      return insert(press.text);
    case Key::enter:
      return finish_line();
    case Key::interrupt:
      event_ = Event{Event::Kind::interrupt, {}};
      return;
    case Key::end_of_input:
      if (line_.empty()) {
        event_ = Event{Event::Kind::end_of_input, {}};
        return;
      }
      [[fallthrough]];
    case Key::erase_right:
      return erase(cursor_, cluster_at(cursor_).end);
    case Key::erase_left:
      return erase(cluster_before(cursor_), cursor_);
    case Key::left:
      cursor_ = cluster_before(cursor_);
      return;
    case Key::right:
      cursor_ = cluster_at(cursor_).end;
      return;
    case Key::word_left:
      cursor_ = word_before(cursor_);
      return;
    case Key::word_right:
      cursor_ = word_after(cursor_);
      return;
    case Key::home:
      cursor_ = 0;
      return;
    case Key::end:
      cursor_ = line_.size();
      return;
    case Key::older:
      if (recalled_ > 0) recall(recalled_ - 1);
      return;
    case Key::newer:
      if (recalled_ < history_.size()) recall(recalled_ + 1);
      return;
    case Key::kill_left:
      return kill(0, cursor_, Way::back);
    case Key::kill_right:
      return kill(cursor_, line_.size(), Way::ahead);
    case Key::kill_word:
      return kill(cursor_, word_after(cursor_), Way::ahead);
    case Key::kill_word_left:
      return kill(word_before(cursor_), cursor_, Way::back);
    case Key::kill_blank: {
      std::size_t from = cursor_;
      while (from > 0 && is_blank(line_[from - 1]))
        --from;
      while (from > 0 && !is_blank(line_[from - 1]))
        --from;
      return kill(from, cursor_, Way::back);
    }
    case Key::yank:
      return insert(killed_);
    case Key::redraw:
      output_ += clear_screen;
      return;
  }
}

void LineEditor::insert(std::string_view text) {
  if (line_.size() + text.size() > line_bytes_max) {
    refused_ = true;
    return;
  }
  line_.insert(cursor_, text);
  cursor_ += text.size();
}

void LineEditor::erase(std::size_t from, std::size_t to) {
  line_.erase(from, to - from);
  cursor_ = from;
}

void LineEditor::kill(std::size_t from, std::size_t to, Way way) {
  const std::string_view text = std::string_view(line_).substr(from, to - from);
  killed_.insert(way == Way::back ? 0 : killed_.size(), text);
  erase(from, to);
}

void LineEditor::recall(std::size_t entry) {
  if (recalled_ == history_.size()) draft_ = line_;
  recalled_ = entry;
  line_ = entry == history_.size() ? draft_ : history_[entry];
  cursor_ = line_.size();
  first_ = 0;
}

// The line stays on the screen, whole: the terminal wraps it if it must.
void LineEditor::finish_line() {
  if (is_shown_) {
    output_ += erase_row;
    output_ += prompt_;
    output_ += escaped(line_);
    output_ += "\r\n";
  }
  if (!line_.empty() && (history_.empty() || history_.back() != line_)) history_.push_back(line_);
  if (history_.size() > history_lines_max) history_.pop_front();
  recalled_ = history_.size();
  draft_.clear();
  cursor_ = first_ = 0;
  event_ = Event{Event::Kind::line, std::exchange(line_, {})};
}

// ---- Where things are in the line ----

// Every character that takes room begins a cluster, and the start of the line does.
bool LineEditor::begins_cluster(std::size_t at) const {
  return at == 0 || at >= line_.size() || shown_width(character_at(line_, at)) > 0;
}

LineEditor::Cluster LineEditor::cluster_at(std::size_t at) const {
  Cluster cluster{at, 0};
  while (cluster.end < line_.size() && (cluster.end == at || !begins_cluster(cluster.end))) {
    const std::string_view character = character_at(line_, cluster.end);
    cluster.width += shown_width(character);
    cluster.end += character.size();
  }
  return cluster;
}

std::size_t LineEditor::cluster_before(std::size_t at) const {
  while (at > 0) {
    --at;
    if (!is_continuation(line_[at]) && begins_cluster(at)) break;
  }
  return at;
}

std::size_t LineEditor::word_before(std::size_t at) const {
  while (at > 0 && !is_word_byte(line_[at - 1]))
    --at;
  while (at > 0 && is_word_byte(line_[at - 1]))
    --at;
  return at;
}

std::size_t LineEditor::word_after(std::size_t at) const {
  while (at < line_.size() && !is_word_byte(line_[at]))
    ++at;
  while (at < line_.size() && is_word_byte(line_[at]))
    ++at;
  return at;
}

std::size_t LineEditor::width_between(std::size_t from, std::size_t to) const {
  return from < to ? shown_width(std::string_view(line_).substr(from, to - from)) : 0;
}

// ---- Drawing ----

std::string_view LineEditor::prompt() const {
  return display_width(prompt_) * 2 < columns_ ? std::string_view(prompt_) : std::string_view();
}

// What is left for text: not the last column, where terminals differ about wrapping, nor those of '<' and
// '>'.
std::size_t LineEditor::text_columns() const {
  return columns_ - 1 - display_width(prompt()) - 2;
}

void LineEditor::scroll() {
  const std::size_t room = text_columns();
  if (width_between(0, line_.size()) <= room) first_ = 0;
  if (cursor_ <= first_) {  // back by half a row, so that what stands before the cursor is seen
    first_ = cursor_;
    while (first_ > 0 && width_between(first_, cursor_) < room / 2)
      first_ = cluster_before(first_);
  }
  if (!begins_cluster(first_)) first_ = cluster_before(first_);
  std::size_t width = width_between(first_, cursor_);
  while (width > room) {
    const Cluster cluster = cluster_at(first_);
    first_ = cluster.end;
    width -= cluster.width;
  }
}

std::string LineEditor::row() {
  scroll();
  std::size_t end = first_;
  std::size_t width = 0;
  while (end < line_.size()) {
    const Cluster cluster = cluster_at(end);
    if (width + cluster.width > text_columns()) break;
    width += cluster.width;
    end = cluster.end;
  }

  const bool is_cut_left = first_ > 0;
  std::string row = "\r";
  row += prompt();
  if (is_cut_left) row += '<';
  row += escaped(std::string_view(line_).substr(first_, end - first_));
  if (end < line_.size()) row += '>';
  row += "\x1b[K\r";
  const std::size_t column = display_width(prompt()) + (is_cut_left ? 1 : 0) + width_between(first_, cursor_);
  if (column > 0) row += "\x1b[" + std::to_string(column) + "C";
  return row;
}

}  // namespace yam::tui
