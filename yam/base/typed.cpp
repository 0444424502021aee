#include "yam/base/typed.hpp"

#include <algorithm>

namespace yam {
namespace {

constexpr std::size_t shown_bytes_max = 80;  // of the text in a message; the column tells the rest

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string escaped(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  return {'\\', 'x', digits[value >> 4], digits[value & 15]};
}

// C1 controls (U+0080 to U+009F) are terminal controls too: in UTF-8 they are C2 and 80 to 9F.
bool is_c1_control(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != '\xc2') return false;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  return next >= 0x80 && next <= 0x9f;
}

std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (out.size() >= shown_bytes_max && !continues_character(text[i])) return out + "…";
    if (is_control(text[i])) {
      out += escaped(text[i]);
    } else if (is_c1_control(text, i)) {
      out += escaped(text[i]) + escaped(text[i + 1]);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Typed Typed::from(std::size_t offset) const {
  return {whole_, text_.substr(std::min(offset, text_.size()))};
}

Typed Typed::first(std::size_t count) const {
  return {whole_, text_.substr(0, count)};
}

Typed::Cut Typed::cut(char mark) const {
  const std::size_t at = text_.find(mark);
  if (at == std::string_view::npos) return {*this, std::nullopt};
  return {first(at), from(at + 1)};
}

std::size_t Typed::column() const {
  const std::string_view before(whole_.data(), static_cast<std::size_t>(text_.data() - whole_.data()));
  return 1 + before.size() - static_cast<std::size_t>(std::ranges::count_if(before, continues_character));
}

std::unexpected<Error> Typed::refuse(std::string_view fault, std::string hint) const {
  std::string what = whole_.empty() ? std::string() : shown(whole_) + ": ";
  what += fault;
  what += " at column " + std::to_string(column());
  return fail(Code::usage, std::move(what), std::move(hint));
}

Result<> check_line(Typed line, std::size_t bytes_max) {
  if (line.empty()) return line.refuse("nothing is written");
  if (line.size() > bytes_max) {
    return line.from(bytes_max).refuse("longer than " + std::to_string(bytes_max) + " bytes");
  }
  const auto bad = std::ranges::find_if(line.text(), is_control);
  if (bad == line.text().end()) return {};
  const Typed at = line.from(static_cast<std::size_t>(bad - line.text().begin()));
  if (*bad == '\0') return at.refuse("a NUL byte cannot stand");
  return at.refuse("control character " + escaped(*bad) + " cannot stand",
                   "write it as a percent-escape, %0A for a line end");
}

std::string in_quotes(std::string_view text) {
  return '"' + shown(text) + '"';
}

}  // namespace yam
