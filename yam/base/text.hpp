#pragma once
// Text between the network and a person: UTF-8 without a locale, names made safe to print, widths in terminal
// cells, bytes as hex, and the nearest word for a "did you mean". Nothing here alters what travels on the
// wire; it only decides how bytes are shown.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam {

// ---- UTF-8 (RFC 3629) ----

enum class Utf8 : std::uint8_t {
  valid,    // a whole code point
  invalid,  // bytes that no continuation can repair: overlong, surrogate, beyond U+10FFFF, stray
  cut,      // the text ends inside a sequence that is right so far: wait for more, or treat as invalid
};

struct Decoded {
  char32_t point = 0;      // when valid
  std::size_t length = 0;  // bytes to step over: at least 1
  Utf8 kind = Utf8::invalid;
};

// The first code point of `text`, which must not be empty. Stepping by `length` visits every byte once and
// always ends.
Decoded decode_utf8(std::string_view text);

bool is_utf8(std::string_view text);

// How many bytes of `text` stand before a sequence that the end cuts in two: text.size(), or up to three
// less. For text that arrives in pieces: show this much, keep the rest for the next piece.
std::size_t whole_utf8(std::string_view text);

// ---- Safe on a terminal ----

// `text` with everything that could move the cursor, colour the screen or reorder what is read turned into
// \xHH, one per byte (\n, \r and \t keep their letters): C0, DEL, C1, the line separators U+2028 and U+2029,
// bidi controls U+202A to U+202E and U+2066 to U+2069, and bytes that are not UTF-8. For eyes, not for
// parsing back: a backslash passes as it is.
std::string escaped(std::string_view text);

// escaped() in double quotes, for messages, with \" and \\ for what would end them or pass for an escape:
// where the quotes end, the text does. What exceeds `quoted_bytes_max` bytes becomes an ellipsis.
inline constexpr std::size_t quoted_bytes_max = 80;
std::string quoted(std::string_view text);

// Terminal cells that `text` takes: CJK and emoji 2, combining marks 0, a byte that is not UTF-8 1, control
// characters 0 (so measure after escaped()). Ours instead of wcwidth, which answers by the process's locale.
// An emoji joined from several counts as its parts.
std::size_t display_width(std::string_view text);

// C0 controls and DEL; those beyond ASCII are characters of UTF-8.
constexpr bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// ---- Bytes as hex ----

inline constexpr char hex_digits[] = "0123456789abcdef";

// Of a hex digit in either case, 0 to 15; else -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "48 65 6c"
std::string hex(ByteView bytes);
// "48656c"
std::string joined_hex(ByteView bytes);

// The inverse: pairs of digits in either case, single spaces between pairs or none. Code::usage with the
// column.
Result<Bytes> parse_hex(std::string_view text);

// As `hexdump -C` prints: offset, sixteen bytes, and their ASCII; one line per sixteen, each with its line
// end. `offset` is the number that the first byte carries.
std::string hexdump(ByteView bytes, std::uint64_t offset = 0);

// ---- Did you mean ----

// The candidate that is closest to `word` in insertions, deletions, substitutions and swaps of neighbours
// (the first of equals), when at most a third of the word, or one letter of a short one, is wrong. The view
// points into `candidates`. Words beyond `nearest_bytes_max` have no neighbour.
inline constexpr std::size_t nearest_bytes_max = 64;
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace yam
