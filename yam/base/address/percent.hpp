#pragma once
// Percent-escapes (RFC 3986 §2.1). NUL is refused in any spelling: no path, name or request of ours may hold
// it.

#include <string>
#include <string_view>

#include "yam/base/address/typed.hpp"

namespace yam {

// "a%20b" becomes "a b"; '+' stays '+'. A '%' without two hex digits is an error that names its column.
Result<std::string> percent_decoded(Typed text);

// Escapes '%', control characters and each character in `special`; the opposite of percent_decoded.
std::string percent_encoded(std::string_view text, std::string_view special);

// One part of a path, for a link to a file of any name: all but letters, digits and "-._~!$'()*+,;=@" is
// escaped, and so a "/", what a page would read as markup, and a ":" that would make a scheme (RFC 3986 §3.3,
// §4.2).
std::string percent_encoded_segment(std::string_view text);

// What a person may type, as it may go on the wire: escapes are checked and kept, spaces, bytes beyond ASCII
// and the characters that no URI may hold are escaped.
Result<std::string> percent_normalized(Typed text);

}  // namespace yam
