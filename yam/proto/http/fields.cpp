#include "yam/proto/http/fields.hpp"

#include <algorithm>

#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {

Fields::Fields(std::initializer_list<Field> fields) {
  for (const Field& field : fields)
    add(field);
}

bool Fields::add(Field field) {
  if (count_ == fields_max) return false;
  fields_[count_++] = field;
  return true;
}

std::size_t Fields::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(begin(), end(), [&](const Field& field) { return same_word(field.name, name); }));
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
  for (const Field& field : *this)
    if (same_word(field.name, name)) return field.value;
  return std::nullopt;
}

std::optional<std::string_view> Fields::only(std::string_view name) const {
  return count(name) == 1 ? find(name) : std::nullopt;
}

bool Fields::lists(std::string_view name, std::string_view member) const {
  for (const Field& field : *this) {
    if (!same_word(field.name, name)) continue;
    for (ListReader list(field.value); const auto each = list.next();)
      if (same_word(*each, member)) return true;
  }
  return false;
}

}  // namespace yam::proto::http
