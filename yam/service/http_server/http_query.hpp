#pragma once
// The query of a request's target, as forms write it (name=value&…, "+" for a blank). What is malformed is as
// if it were not there.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yam::service {

class HttpQuery {
 public:
  // Borrows the text.
  explicit HttpQuery(std::optional<std::string_view> query) : query_(query.value_or("")) {}

  // The first of that name, decoded.
  std::optional<std::string> value(std::string_view name) const;
  // All of them, in order.
  std::vector<std::string> values(std::string_view name) const;

 private:
  std::string_view query_;
};

}  // namespace yam::service
