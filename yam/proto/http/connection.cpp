#include "yam/proto/http/connection.hpp"

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {

bool wants_open(unsigned minor, const Fields& fields) {
  if (fields.lists("Connection", "close")) return false;
  return minor > 0 || fields.lists("Connection", "keep-alive");
}

bool offers_upgrade(unsigned minor, const Fields& fields, std::string_view protocol) {
  return offers_upgrade(minor, fields) && fields.lists("Upgrade", protocol);
}

bool offers_upgrade(unsigned minor, const Fields& fields) {
  return minor > 0 && fields.count("Upgrade") > 0 && fields.lists("Connection", "upgrade");
}

Expectation expectation_of(unsigned minor, const Fields& fields) {
  if (minor == 0 || fields.count("Expect") == 0) return Expectation::none;
  for (const Field& field : fields)
    if (same_word(field.name, "Expect") && !same_word(field.value, "100-continue"))
      return Expectation::unknown;
  return Expectation::go_on;
}

}  // namespace yam::proto::http
