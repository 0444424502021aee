#pragma once
// The address of a service or of something it holds: http://host:8080/a%20b?x=1#part (RFC 3986). A Url knows
// no default ports, gives options no meaning and refuses user names; relative references are not its
// business.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/address/option.hpp"
#include "yam/base/result.hpp"

namespace yam {

inline constexpr std::size_t url_bytes_max = 8192;  // of text; RFC 9110 §4.1 asks for 8000 at least

struct Url {
  std::string scheme;                 // in lower case
  std::string host;                   // without brackets; empty as in echo://:7007
  std::optional<std::uint16_t> port;  // 0 is let through: who listens means any
  std::string path;                   // decoded: for people and files. Empty, or begins with '/'
  std::string wire_path;      // as it goes on the wire: escapes as typed, spaces and non-ASCII escaped
  std::vector<Option> query;  // decoded, in the order typed, repeats kept
  std::string wire_query;     // without '?'
  std::string wire_fragment;  // without '#'; never sent

  // Any scheme when `schemes` is empty, else one of them, and the nearest as a hint. Errors are Code::usage,
  // one line, and name the fault and its column.
  static Result<Url> parse(std::string_view text, std::span<const std::string_view> schemes = {});

  // The first option of that name.
  std::optional<std::string_view> option(std::string_view name) const;

  // What an HTTP request asks for: path ("/" when there is none) and query, as on the wire.
  std::string target() const;

  // Parses back to the same value.
  std::string to_string() const;

  bool operator==(const Url&) const = default;
};

}  // namespace yam
