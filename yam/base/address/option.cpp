#include "yam/base/address/option.hpp"

#include "yam/base/address/percent.hpp"

namespace yam {

Result<std::vector<TypedOption>> parse_options(Typed text) {
  std::vector<TypedOption> options;
  for (std::optional<Typed> rest = text; rest;) {
    const Typed::Cut piece = rest->cut('&');
    const Typed::Cut pair = piece.before.cut('=');
    rest = piece.after;
    if (pair.before.empty()) return pair.before.refuse("an option without a name");
    auto name = percent_decoded(pair.before);
    if (!name) return fail(name.error());
    auto value = percent_decoded(pair.after.value_or(piece.before.end()));
    if (!value) return fail(value.error());
    options.push_back({{std::move(*name), std::move(*value)}, pair.before, pair.after});
  }
  return options;
}

std::string options_to_string(const std::vector<Option>& options) {
  std::string out;
  for (const Option& option : options) {
    out += out.empty() ? '?' : '&';
    out += percent_encoded(option.name, "&=?# ") + "=" + percent_encoded(option.value, "&?# ");
  }
  return out;
}

std::optional<std::string_view> find_option(const std::vector<Option>& options, std::string_view name) {
  for (const Option& option : options) {
    if (option.name == name) return option.value;
  }
  return std::nullopt;
}

}  // namespace yam
