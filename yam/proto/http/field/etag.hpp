#pragma once
// Entity tags (RFC 9110 §8.8.3), alone and in lists. Views borrow the field's value.

#include <optional>
#include <string>
#include <string_view>

namespace yam::proto::http {

struct EntityTag {
  bool weak = false;
  std::string_view opaque;  // without its quotes

  std::string to_string() const;  // `W/"x"`

  bool operator==(const EntityTag&) const = default;
};

// Exactly one tag.
std::optional<EntityTag> parse_entity_tag(std::string_view text);

// RFC 9110 §8.8.3.2: strong, both must be strong.
inline bool match_strongly(const EntityTag& left, const EntityTag& right) {
  return !left.weak && !right.weak && left.opaque == right.opaque;
}
inline bool match_weakly(const EntityTag& left, const EntityTag& right) {
  return left.opaque == right.opaque;
}

// The tags of a list, in which a backslash escapes nothing. It ends at the first thing that is no tag.
class EntityTagReader {
 public:
  explicit EntityTagReader(std::string_view value) : rest_(value) {}

  std::optional<EntityTag> next();

 private:
  std::string_view rest_;
};

}  // namespace yam::proto::http
