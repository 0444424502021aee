#pragma once
// Comma lists and quoted strings (RFC 9110 §5.6): the grammar that most fields share. The views borrow the
// field's value; only unquote() makes a copy, since escapes change the text.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace yam::proto::http {

// The members of a comma list, blanks around them taken away and empty ones left out (RFC 9110 §5.6.1.2). A
// comma inside a quoted string does not part members; a quoted string without an end reaches to the end.
class ListReader {
 public:
  explicit ListReader(std::string_view value, char separator = ',') : rest_(value), separator_(separator) {}

  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
  char separator_;
};

// `name=value` of a member's parameters (RFC 9110 §5.6.6), the value a token or a whole quoted string,
// without its quotes. Absent when it is neither.
struct Parameter {
  std::string_view name;
  std::string value;

  bool operator==(const Parameter&) const = default;
};
std::optional<Parameter> parse_parameter(std::string_view text);

// The text inside `"…"`, escapes resolved; absent when `text` is not exactly one quoted string.
std::optional<std::string> unquote(std::string_view text);

// As a quoted string: `"` and `\` escaped, controls left out. Only a HTAB stays of those.
std::string quote(std::string_view text);

}  // namespace yam::proto::http
