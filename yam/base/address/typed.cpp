#include "yam/base/address/typed.hpp"

#include <algorithm>

#include "yam/base/text.hpp"

namespace yam {
namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// A line of its own needs no quotes around it.
std::string shown(std::string_view text) {
  const std::string in_quotes = quoted(text);
  return in_quotes.substr(1, in_quotes.size() - 2);
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
  return at.refuse("control character " + escaped({&*bad, 1}) + " cannot stand",
                   "write it as a percent-escape, %0A for a line end");
}

}  // namespace yam
