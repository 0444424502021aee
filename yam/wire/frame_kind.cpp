#include "yam/wire/frame_kind.hpp"

#include <array>

#include "yam/base/text.hpp"
#include "yam/wire/escape.hpp"

namespace yam::wire {
namespace {

constexpr std::string_view delimiter_word = "delimiter:";
constexpr std::string_view self_suffix = "+self";
constexpr const char* kinds_hint =
    "kinds: lines, crlf, delimiter:TEXT, u8, u16, u16le, u32, u32le (each u… also with +self), varint, "
    "netstring";

struct NamedPrefix {
  std::string_view name;
  Prefixed prefix;
};
constexpr std::array prefixes = {
    NamedPrefix{"u8", {1, Order::network}},   NamedPrefix{"u16", {2, Order::network}},
    NamedPrefix{"u16le", {2, Order::little}}, NamedPrefix{"u32", {4, Order::network}},
    NamedPrefix{"u32le", {4, Order::little}},
};

Result<FrameKind> parse_delimiter(std::string_view text) {
  const Result<Bytes> delimiter = unescape_bytes(text);
  if (!delimiter) {
    return fail(Code::usage, "bad delimiter " + quoted(text) + ": " + delimiter.error().what,
                delimiter.error().hint);
  }
  if (delimiter->empty()) {
    return fail(Code::usage, "a delimiter needs at least one byte",
                R"(such as delimiter:\x00 or delimiter:END)");
  }
  if (delimiter->size() > delimiter_bytes_max) {
    return fail(Code::usage, "a delimiter of " + std::to_string(delimiter->size()) +
                                 " bytes is too long: at most " + std::to_string(delimiter_bytes_max));
  }
  return Delimited{*delimiter};
}

std::string name(const Lines& lines) {
  return lines.crlf ? "crlf" : "lines";
}
std::string name(const Delimited& delimited) {
  return std::string(delimiter_word) + escape_bytes(delimited.delimiter);
}
std::string name(const Prefixed& prefix) {
  return "u" + std::to_string(8 * prefix.prefix_bytes) +
         (prefix.order == Order::little && prefix.prefix_bytes > 1 ? "le" : "") +
         (prefix.counts_itself ? std::string(self_suffix) : "");
}
std::string name(const Varint&) {
  return "varint";
}
std::string name(const Netstring&) {
  return "netstring";
}

}  // namespace

Result<FrameKind> parse_frame_kind(std::string_view text) {
  if (text == "lines") return Lines{};
  if (text == "crlf") return Lines{.crlf = true};
  if (text == "varint") return Varint{};
  if (text == "netstring") return Netstring{};
  if (text.starts_with(delimiter_word)) return parse_delimiter(text.substr(delimiter_word.size()));

  const bool counts_itself = text.ends_with(self_suffix);
  const std::string_view word = counts_itself ? text.substr(0, text.size() - self_suffix.size()) : text;
  for (const NamedPrefix& named : prefixes) {
    if (word != named.name) continue;
    Prefixed prefix = named.prefix;
    prefix.counts_itself = counts_itself;
    return prefix;
  }
  return fail(Code::usage, "unknown frame kind " + quoted(text), kinds_hint);
}

std::string name_of(const FrameKind& kind) {
  return std::visit([](const auto& one) { return name(one); }, kind);
}

}  // namespace yam::wire
