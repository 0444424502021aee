#pragma once
// Base 64 (RFC 4648 §4): the plain alphabet, padded, and nothing else.

#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"

namespace yam {

std::string base64(ByteView bytes);

// Absent for anything that base64() would not have written: other letters, line ends, missing padding, bits
// left over that are not zero (§3.5).
std::optional<Bytes> parse_base64(std::string_view text);

}  // namespace yam
