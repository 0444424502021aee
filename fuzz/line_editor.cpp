// Whatever a terminal sends: the line stays within its bounds and UTF-8, every byte is taken, and what is
// drawn never holds a control character that was typed.

#include "yam/tui/line_editor.hpp"

#include <cstdlib>

#include "yam/base/text.hpp"

using namespace yam;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

// Only the sequences that the editor writes itself.
void expect_harmless(std::string_view drawing) {
  expect(is_utf8(drawing));
  for (std::size_t at = drawing.find('\x1b'); at != std::string_view::npos;
       at = drawing.find('\x1b', at + 1)) {
    const std::size_t end = drawing.find_first_not_of("0123456789;?", at + 2);
    expect(drawing.substr(at + 1).starts_with("[") && end != std::string_view::npos);
    expect(std::string_view("KCHJhl").find(drawing[end]) != std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view keys(reinterpret_cast<const char*>(data), size);
  tui::LineEditor editor("> ", size % 64);
  editor.start();
  while (!keys.empty()) {
    const std::size_t taken = editor.handle_keys(keys.substr(0, 7));
    expect(taken > 0);
    keys.remove_prefix(taken);
    expect(editor.line().size() <= tui::LineEditor::line_bytes_max);
    if (const auto event = editor.poll_event()) {
      expect(is_utf8(event->line));
      editor.print_above(escaped(event->line));
    }
    expect_harmless(editor.poll_drawing());
  }
  expect(is_utf8(editor.line()));
  return 0;
}
