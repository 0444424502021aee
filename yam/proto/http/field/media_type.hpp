#pragma once
// Media types (RFC 9110 §8.3.1), taken apart. It does not know which types there are.

#include <optional>
#include <string>
#include <string_view>

namespace yam::proto::http {

struct MediaType {
  std::string_view type, subtype;  // without case
  std::string_view parameters;     // as written, behind the first ";"

  // "text/html", in any case.
  bool is(std::string_view name) const;
  // The first of that name, in any case; absent when there is none, or what it has is malformed.
  std::optional<std::string> parameter(std::string_view name) const;
};

// Absent when malformed. Views borrow `value`.
std::optional<MediaType> parse_media_type(std::string_view value);

}  // namespace yam::proto::http
