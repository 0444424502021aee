#include "yam/store/folder_name.hpp"

#include <algorithm>

#include "yam/base/text.hpp"

namespace yam::store {

namespace {

// What follows the last dot of a longer name is no extension, but part of the sentence.
constexpr std::size_t extension_bytes_max = 16;

std::string fault_of_component(std::string_view component) {
  if (component.empty()) return "it has an empty component";
  if (component == "." || component == "..") return "it has a '" + std::string(component) + "' component";
  if (component.size() > component_bytes_max)
    return "it has a component longer than " + std::to_string(component_bytes_max) + " bytes";
  return {};
}

std::string fault_of(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > name_bytes_max) return "it is longer than " + std::to_string(name_bytes_max) + " bytes";
  if (name.contains('\0')) return "it has a NUL";
  if (name.front() == '/') return "it begins with '/'";
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    if (auto fault = fault_of_component(name.substr(begin, end - begin)); !fault.empty()) return fault;
    begin = end + 1;
  }
  return {};
}

// Where the extension begins: at the last dot, at ".tar." where it has one, at the end without a dot. A dot
// in front hides a file and starts no extension.
std::size_t extension_of(std::string_view base) {
  const std::size_t dot = base.rfind('.');
  if (dot == 0 || dot == base.npos || base.size() - dot > extension_bytes_max) return base.size();
  constexpr std::string_view tar = ".tar";
  const std::string_view stem = base.substr(0, dot);
  return stem.size() > tar.size() && stem.ends_with(tar) ? dot - tar.size() : dot;
}

std::string joined(std::string_view stem, std::string_view tail) {
  std::string_view head = stem.substr(0, component_bytes_max - tail.size());
  if (head.size() < stem.size()) head = head.substr(0, whole_utf8(head));
  return std::string(head) + std::string(tail);
}

}  // namespace

Result<void> check_name(std::string_view name) {
  if (std::ranges::any_of(name, is_control) && name.size() <= name_bytes_max)
    return fail(Code::usage, "file name " + quoted(name) + ": it has a control character");
  return check_existing_name(name);
}

Result<void> check_existing_name(std::string_view name) {
  if (const auto fault = fault_of(name); !fault.empty())
    return fail(Code::usage, "file name " + quoted(name) + ": " + fault);
  constexpr std::string_view part_on_the_way = ".part/";
  static_assert(part_on_the_way.starts_with(part_suffix));
  if (name.ends_with(part_suffix) || name.contains(part_on_the_way))
    return fail(Code::refused, "file name " + quoted(name) + ": unfinished uploads alone end in " +
                                   std::string(part_suffix));
  return {};
}

SplitName split(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  const std::size_t begin = slash == name.npos ? 0 : slash + 1;
  return {name.substr(0, begin), name.substr(begin)};
}

std::string numbered(std::string_view base, unsigned number) {
  const std::size_t dot = extension_of(base);
  return joined(base.substr(0, dot), "-" + std::to_string(number) + std::string(base.substr(dot)));
}

std::string part_of(std::string_view base, std::string_view mark) {
  std::string tail(part_suffix);
  if (!mark.empty()) tail = "." + std::string(mark) + tail;
  return joined(base, tail);
}

}  // namespace yam::store
