#include "yam/service/write_policy.hpp"

#include <algorithm>
#include <array>

#include "yam/base/text.hpp"

namespace yam::service {

namespace {

// In the order of the policies.
constexpr std::array<std::string_view, 4> policy_words{"off", "new", "replace", "number"};

}  // namespace

Result<WritePolicy> parse_write_policy(std::string_view word) {
  const auto at = std::ranges::find(policy_words, word);
  if (at == policy_words.end())
    return fail(Code::usage, "no way to write " + quoted(word), "off, new, replace or number");
  return static_cast<WritePolicy>(at - policy_words.begin());
}

store::IfExists if_exists_of(WritePolicy policy) {
  switch (policy) {
    case WritePolicy::replace:
      return store::IfExists::replace;
    case WritePolicy::number:
      return store::IfExists::number;
    default:
      return store::IfExists::refuse;
  }
}

}  // namespace yam::service
