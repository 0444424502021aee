#pragma once
// The fields of a head or of a trailer section, in the order in which they came. The views borrow the buffer
// that was parsed; nothing is allocated. What a value means is asked elsewhere.

#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace yam::proto::http {

inline constexpr std::size_t fields_max = 100;  // of one section

struct Field {
  std::string_view name;   // as written; names have no case (RFC 9110 §5.1)
  std::string_view value;  // without the blanks around it

  bool operator==(const Field&) const = default;
};

class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<Field> fields);

  bool add(Field field);  // false when full
  void clear() { count_ = 0; }
  const Field* begin() const { return fields_.data(); }
  const Field* end() const { return fields_.data() + count_; }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

  std::size_t count(std::string_view name) const;
  // The value of the first of that name, in any case.
  std::optional<std::string_view> find(std::string_view name) const;
  // The same, but only if it is the only one: for fields that are no lists.
  std::optional<std::string_view> only(std::string_view name) const;
  // Whether a field of that name, taken as a comma list over all its lines (RFC 9110 §5.6.1), has `member`,
  // in any case: lists("Connection", "close").
  bool lists(std::string_view name, std::string_view member) const;

 private:
  std::array<Field, fields_max> fields_;
  std::size_t count_ = 0;
};

}  // namespace yam::proto::http
