#include "yam/proto/http/field/condition.hpp"

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

std::optional<Date> date_field(const Fields& fields, std::string_view name, Date now) {
  const auto value = fields.only(name);
  return value ? parse_date(*value, now) : std::nullopt;
}

EntityTag without_coding(EntityTag tag) {
  tag.opaque = tag.opaque.substr(0, tag.opaque.rfind('+'));
  return tag;
}

// Whether a field's "*" or one of its tags is the current one.
bool names_current(const Fields& fields, std::string_view name, const Validators& current,
                   bool (*match)(const EntityTag&, const EntityTag&)) {
  for (const Field& field : fields) {
    if (!same_word(field.name, name)) continue;
    if (field.value == "*" && current.exists) return true;
    if (!current.exists || !current.tag) continue;
    for (EntityTagReader tags(field.value); const auto tag = tags.next();)
      if (match(*tag, *current.tag) || (current.coded_too && match(without_coding(*tag), *current.tag)))
        return true;
  }
  return false;
}

// §13.1.5
bool range_counts(const Fields& request, const Validators& current, Date now) {
  if (request.count("Range") != 1) return false;
  if (request.count("If-Range") == 0) return true;
  const auto value = request.only("If-Range");
  if (!value) return false;
  if (const auto tag = parse_entity_tag(*value)) return current.tag && match_strongly(*tag, *current.tag);
  const auto date = parse_date(*value, now);
  return date && current.modified == date && now - *date >= std::chrono::seconds(1);
}

}  // namespace

Verdict judge(std::string_view method, const Fields& request, const Validators& current, Date now) {
  const bool reads = method == "GET" || method == "HEAD";
  const auto modified = current.exists ? current.modified : std::nullopt;
  if (request.count("If-Match") > 0) {
    if (!names_current(request, "If-Match", current, match_strongly)) return Verdict::failed;
  } else if (const auto since = date_field(request, "If-Unmodified-Since", now)) {
    if (modified && *modified > *since) return Verdict::failed;
  }
  if (request.count("If-None-Match") > 0) {
    if (names_current(request, "If-None-Match", current, match_weakly))
      return reads ? Verdict::not_modified : Verdict::failed;
  } else if (const auto since = date_field(request, "If-Modified-Since", now); since && reads) {
    if (modified && *modified <= *since) return Verdict::not_modified;
  }
  return method == "GET" && range_counts(request, current, now) ? Verdict::proceed_range : Verdict::proceed;
}

}  // namespace yam::proto::http
