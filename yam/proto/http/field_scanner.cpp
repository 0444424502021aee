#include "yam/proto/http/field_scanner.hpp"

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {

Checked<bool> FieldScanner::scan(std::string_view text, std::size_t& at) {
  for (; at < text.size(); ++at) {
    // The two loops in which nearly all bytes are read.
    if (state_ == State::name)
      while (at < text.size() && is_token_letter(text[at]))
        ++at;
    if (state_ == State::value)
      while (at < text.size() && is_value_letter(text[at]))
        ++at;
    if (at == text.size()) break;
    if (state_ == State::last_lf && text[at] == '\n') {
      ++at;
      return true;
    }
    if (auto read = read_byte(text, at); !read) return refuse(read.error());
  }
  return false;
}

Checked<void> FieldScanner::read_byte(std::string_view text, std::size_t at) {
  const char c = text[at];
  switch (state_) {
    case State::line_start:
      return begin_line(c, at);
    case State::name:
      return end_name(c, at);
    case State::value_start:
      if (is_blank(c)) return {};
      places_[count_].value_at = static_cast<std::uint16_t>(at);
      state_ = State::value;
      if (is_value_letter(c)) return {};
      return end_value(text, at);
    case State::value:
      return end_value(text, at);
    case State::line_lf:
      if (c != '\n') return refuse(400, "a CR without LF in a field line");
      state_ = State::line_start;
      return {};
    case State::last_lf:
      return refuse(400, "a CR without LF where the fields end");
  }
  return {};
}

Checked<void> FieldScanner::begin_line(char c, std::size_t at) {
  if (c == '\r') {
    state_ = State::last_lf;
    return {};
  }
  if (c == '\n') return refuse(400, "an LF without CR where the fields end");
  if (is_blank(c)) return refuse(400, "a folded field line");  // RFC 9112 §5.2
  if (c == ':') return refuse(400, "a field without a name");
  if (!is_token_letter(c)) return refuse(400, "a field name that is no token");
  if (count_ == fields_max) return refuse(431, "too many fields");
  places_[count_] = {};
  places_[count_].name_at = static_cast<std::uint16_t>(at);
  state_ = State::name;
  return {};
}

Checked<void> FieldScanner::end_name(char c, std::size_t at) {
  if (is_blank(c)) return refuse(400, "a blank between a field name and its colon");  // RFC 9112 §5.1
  if (c == '\r' || c == '\n') return refuse(400, "a field line without a colon");
  if (c != ':') return refuse(400, "a field name that is no token");
  places_[count_].name_bytes = static_cast<std::uint16_t>(at - places_[count_].name_at);
  state_ = State::value_start;
  return {};
}

Checked<void> FieldScanner::end_value(std::string_view text, std::size_t at) {
  if (text[at] == '\n') return refuse(400, "an LF without CR in a field line");
  if (text[at] != '\r') return refuse(400, "a control character in a field value");
  Place& place = places_[count_];
  std::size_t end = at;
  while (end > place.value_at && is_blank(text[end - 1]))
    --end;
  place.value_bytes = static_cast<std::uint16_t>(end - place.value_at);
  ++count_;
  state_ = State::line_lf;
  return {};
}

void FieldScanner::collect(std::string_view text, Fields& fields) const {
  fields.clear();
  for (std::size_t i = 0; i < count_; ++i) {
    const Place& place = places_[i];
    fields.add(
        {text.substr(place.name_at, place.name_bytes), text.substr(place.value_at, place.value_bytes)});
  }
}

}  // namespace yam::proto::http
