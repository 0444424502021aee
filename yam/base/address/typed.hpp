#pragma once
// Text that a person typed, or a part of it that remembers where it stood, so that a fault deep inside an
// endpoint names the column in what was typed. It borrows the text, and refuses nothing by itself.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "yam/base/result.hpp"

namespace yam {

class Typed {
 public:
  struct Cut;

  explicit Typed(std::string_view whole) : whole_(whole), text_(whole) {}

  std::string_view text() const { return text_; }
  bool empty() const { return text_.empty(); }
  std::size_t size() const { return text_.size(); }

  // Parts; `offset` and `count` are bytes and clamped to what is there.
  Typed from(std::size_t offset) const;
  Typed first(std::size_t count) const;
  Typed end() const { return from(size()); }  // empty, and stands behind the last character

  // What lies before the first `mark`, and behind it when there is one.
  Cut cut(char mark) const;

  // Where this part begins in the whole: 1-based, counted in UTF-8 characters.
  std::size_t column() const;

  // Code::usage: "WHOLE: FAULT at column N". The whole is escaped and shortened to fit a line.
  [[nodiscard]] std::unexpected<Error> refuse(std::string_view fault, std::string hint = {}) const;

 private:
  Typed(std::string_view whole, std::string_view text) : whole_(whole), text_(text) {}

  std::string_view whole_;
  std::string_view text_;
};

struct Typed::Cut {
  Typed before;
  std::optional<Typed> after;
};

// Refuses what no parser of ours takes: nothing at all, more than `bytes_max` bytes, control characters and
// NUL.
Result<> check_line(Typed line, std::size_t bytes_max);

}  // namespace yam
