#include "yam/proto/http/field/digest.hpp"

#include "yam/base/base64.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr unsigned preference_max = 10;  // RFC 9530 §4

// What stands behind `key=`, parameters left out. Keys have one case (RFC 9651 §3.1.2).
std::optional<std::string_view> find_member(const Fields& fields, std::string_view field,
                                            std::string_view key) {
  std::optional<std::string_view> found;
  for (const Field& line : fields) {
    if (!same_word(line.name, field)) continue;
    for (ListReader list(line.value); const auto member = list.next();) {
      const std::size_t equals = member->find('=');
      if (member->substr(0, equals) != key) continue;
      std::string_view value = equals == member->npos ? "" : member->substr(equals + 1);
      // No base64 and no number has a ";".
      value = value.substr(0, value.find(';'));
      found = value;
    }
  }
  return found;
}

}  // namespace

std::string write_digest(std::string_view algorithm, ByteView digest) {
  return std::string(algorithm) + "=:" + base64(digest) + ":";
}

std::optional<Bytes> find_digest(const Fields& fields, std::string_view field, std::string_view algorithm) {
  const auto value = find_member(fields, field, algorithm);
  if (!value || value->size() < 2 || value->front() != ':' || value->back() != ':') return std::nullopt;
  return parse_base64(value->substr(1, value->size() - 2));
}

std::optional<unsigned> find_digest_preference(const Fields& fields, std::string_view field,
                                               std::string_view algorithm) {
  const auto value = find_member(fields, field, algorithm);
  const auto number = value ? parse_digits(*value) : std::nullopt;
  if (!number || *number > preference_max) return std::nullopt;
  return static_cast<unsigned>(*number);
}

}  // namespace yam::proto::http
