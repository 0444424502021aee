#pragma once
// What happens to files that peers want to put into a served folder.

#include <cstdint>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

enum class WritePolicy : std::uint8_t {
  off,      // nobody writes
  create,   // a name that is taken is refused
  replace,  // what is there gives way
  number,   // a name that is taken gets a number
};

// "off", "new", "replace" or "number". Code::usage otherwise.
Result<WritePolicy> parse_write_policy(std::string_view word);

// Not for `off`.
store::IfExists if_exists_of(WritePolicy policy);

}  // namespace yam::service
