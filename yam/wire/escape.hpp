#pragma once
// Bytes as text that can be typed and read back: printable ASCII stands for itself, the rest is \n, \r, \t,
// \\ or \xNN. It is for a delimiter in an option and the like; what a person only reads is shown with
// escaped() of base/text.hpp, whose output cannot be read back.

#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam::wire {

// A space becomes \x20, so that the text is one word to a shell and to a reader.
std::string escape_bytes(ByteView bytes);

// The inverse; it also takes \0, capital hex digits, and any unescaped byte as itself. A backslash before
// anything else is Code::usage, with the column (from 1).
Result<Bytes> unescape_bytes(std::string_view text);

}  // namespace yam::wire
