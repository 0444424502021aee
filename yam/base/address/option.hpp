#pragma once
// Options behind '?': name=value&name=value. This file knows their form; which names a scheme knows is the
// scheme's business, and so is refusing the others.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/address/typed.hpp"

namespace yam {

struct Option {
  std::string name;
  std::string value;

  bool operator==(const Option&) const = default;
};

// An option with where it stood, for faults found later. Without '=', `value_text` is absent and the value
// empty.
struct TypedOption {
  Option option;
  Typed name_text;
  std::optional<Typed> value_text;
};

// What follows the '?', percent-decoded and in the order typed. Repeats are kept; an option without a name is
// an error.
Result<std::vector<TypedOption>> parse_options(Typed text);

// "?a=1&b=2", or "" when there are none; reads back to the same options.
std::string options_to_string(const std::vector<Option>& options);

// The first option of that name.
std::optional<std::string_view> find_option(const std::vector<Option>& options, std::string_view name);

}  // namespace yam
