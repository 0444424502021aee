#pragma once
// One JSON object on one line, as --json prints events: fields in the order they were added, numbers as
// numbers, text always valid UTF-8. It does not nest, does not parse, and does not check that names differ.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"

namespace yam::tui {

class JsonLine {
 public:
  // What is not UTF-8 in `value` becomes U+FFFD; use bytes() for what came from the network.
  JsonLine& field(std::string_view name, std::string_view value);
  JsonLine& field(std::string_view name, const char* value) { return field(name, std::string_view(value)); }
  JsonLine& field(std::string_view name, std::same_as<bool> auto value) { return truth(name, value); }
  JsonLine& field(std::string_view name, std::signed_integral auto value) { return whole(name, value); }
  JsonLine& field(std::string_view name, std::unsigned_integral auto value)
    requires(!std::same_as<decltype(value), bool>)
  {
    return count(name, value);
  }
  // An infinite value or one that is no number is null.
  JsonLine& field(std::string_view name, std::floating_point auto value) { return fraction(name, value); }

  // Bytes from the network, unaltered: as text under `name` when they are UTF-8, else as base64 (RFC 4648 §4,
  // padded) under `name`_base64.
  JsonLine& bytes(std::string_view name, ByteView value);

  // The object with its line end; the line is empty again afterwards.
  std::string take();

 private:
  JsonLine& truth(std::string_view name, bool value);
  JsonLine& whole(std::string_view name, std::int64_t value);
  JsonLine& count(std::string_view name, std::uint64_t value);
  JsonLine& fraction(std::string_view name, double value);
  JsonLine& add(std::string_view name, std::string_view value);  // which is JSON already

  std::string text_;
};

}  // namespace yam::tui
