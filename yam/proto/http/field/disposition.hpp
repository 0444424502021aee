#pragma once
// Content-Disposition (RFC 6266; RFC 8187 for names beyond ASCII; RFC 7578 §4.2 for forms). A name that was
// read is the peer's word and nothing more: it may have slashes, dots and controls, so clean it before use.

#include <optional>
#include <string>
#include <string_view>

namespace yam::proto::http {

struct Disposition {
  std::string type;                     // in lower case: "attachment", "inline", "form-data"
  std::optional<std::string> name;      // of a form's field
  std::optional<std::string> filename;  // filename* where there is a good one, else filename
};

// Absent when its type is no token, or a parameter comes twice; a parameter that is malformed is left out.
std::optional<Disposition> parse_disposition(std::string_view value);

// `attachment; filename="a.txt"`, and for names that are not plain ASCII a second, exact one behind a
// readable one: `attachment; filename="_.txt"; filename*=UTF-8''%E6%96%87.txt`.
std::string write_disposition(std::string_view type, std::string_view filename);

}  // namespace yam::proto::http
