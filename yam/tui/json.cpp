#include "yam/tui/json.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "yam/base/base64.hpp"
#include "yam/base/text.hpp"

namespace yam::tui {

namespace {

std::string print(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonLine& JsonLine::field(std::string_view name, std::string_view value) {
  return add(name, print(value));
}

JsonLine& JsonLine::truth(std::string_view name, bool value) {
  return add(name, print(value));
}

JsonLine& JsonLine::whole(std::string_view name, std::int64_t value) {
  return add(name, print(value));
}

JsonLine& JsonLine::count(std::string_view name, std::uint64_t value) {
  return add(name, print(value));
}

JsonLine& JsonLine::fraction(std::string_view name, double value) {
  return add(name, print(value));
}

JsonLine& JsonLine::bytes(std::string_view name, ByteView value) {
  if (is_utf8(text_of(value))) return field(name, text_of(value));
  return field(std::string(name) + "_base64", base64(value));
}

std::string JsonLine::take() {
  return (text_.empty() ? "{" : std::exchange(text_, {})) + "}\n";
}

JsonLine& JsonLine::add(std::string_view name, std::string_view value) {
  text_ += text_.empty() ? '{' : ',';
  text_ += print(name);
  text_ += ':';
  text_ += value;
  return *this;
}

}  // namespace yam::tui
