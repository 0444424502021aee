#pragma once
// Conditional requests (RFC 9110 §13), judged in the order of §13.2.2. To be asked before the method is
// carried out, and only where its answer without conditions would be 2xx (§13.2.1).

#include <cstdint>
#include <optional>
#include <string_view>

#include "yam/proto/http/field/date.hpp"
#include "yam/proto/http/field/etag.hpp"
#include "yam/proto/http/fields.hpp"

namespace yam::proto::http {

// What a target has at present.
struct Validators {
  bool exists = true;
  std::optional<EntityTag> tag = {};
  std::optional<Date> modified = {};
  // Whether the tags of its content codings, "TAG+gzip", name it as well: for a method that changes it, after
  // whichever coding the client has seen.
  bool coded_too = false;
};

enum class Verdict : std::uint8_t {
  proceed,        // as if there were no condition, and no Range either
  proceed_range,  // a GET whose Range counts
  not_modified,   // 304
  failed,         // 412
};

// `now` is the Date of the answer: a Last-Modified less than a second older is too weak for If-Range
// (§8.8.2.2). A date that is malformed or comes twice is as if it had not come; a tag that is malformed
// matches nothing.
Verdict judge(std::string_view method, const Fields& request, const Validators& current, Date now);

}  // namespace yam::proto::http
