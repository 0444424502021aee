#include "yam/base/text.hpp"

#include <algorithm>
#include <array>

namespace yam {

namespace {

// What a lead byte promises: the sequence's length, its payload bits, and the bounds of its second byte,
// which alone rule out overlong forms, surrogates and points beyond U+10FFFF (RFC 3629 §4).
struct Lead {
  std::size_t length;
  unsigned char payload;
  unsigned char second_min;
  unsigned char second_max;
};

std::optional<Lead> lead_of(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return Lead{2, 0x1f, 0x80, 0xbf};
  if (byte == 0xe0) return Lead{3, 0x0f, 0xa0, 0xbf};
  if (byte == 0xed) return Lead{3, 0x0f, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return Lead{3, 0x0f, 0x80, 0xbf};
  if (byte == 0xf0) return Lead{4, 0x07, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return Lead{4, 0x07, 0x80, 0xbf};
  if (byte == 0xf4) return Lead{4, 0x07, 0x80, 0x8f};
  return std::nullopt;
}

bool unsafe(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

void append_escaped(std::string& out, char raw) {
  if (raw == '\n' || raw == '\r' || raw == '\t') {
    out += '\\';
    out += raw == '\n' ? 'n' : raw == '\r' ? 'r' : 't';
    return;
  }
  const auto byte = static_cast<unsigned char>(raw);
  out += "\\x";
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

}  // namespace

Decoded decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1, Utf8::valid};
  const auto lead = lead_of(byte(0));
  if (!lead) return {0, 1, Utf8::invalid};
  char32_t point = byte(0) & lead->payload;
  for (std::size_t i = 1; i < lead->length; ++i) {
    if (i == text.size()) return {0, i, Utf8::cut};
    const unsigned char low = i == 1 ? lead->second_min : 0x80;
    const unsigned char high = i == 1 ? lead->second_max : 0xbf;
    if (byte(i) < low || byte(i) > high) return {0, i, Utf8::invalid};
    point = point << 6 | (byte(i) & 0x3f);
  }
  return {point, lead->length, Utf8::valid};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    if (next.kind != Utf8::valid) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

std::size_t whole_utf8(std::string_view text) {
  // The last lead byte is at most four from the end; only its sequence can be cut.
  for (std::size_t back = 1; back <= std::min<std::size_t>(4, text.size()); ++back) {
    const std::size_t start = text.size() - back;
    const bool continuation = (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80;
    if (continuation) continue;
    return decode_utf8(text.substr(start)).kind == Utf8::cut ? start : text.size();
  }
  return text.size();
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    const auto piece = text.substr(0, next.length);
    if (next.kind == Utf8::valid && !unsafe(next.point))
      out += piece;
    else
      for (const char raw : piece)
        append_escaped(out, raw);
    text.remove_prefix(next.length);
  }
  return out;
}

std::string quoted(std::string_view text) {
  const bool is_whole = text.size() <= quoted_bytes_max;
  if (!is_whole) text = text.substr(0, whole_utf8(text.substr(0, quoted_bytes_max)));
  // Piece by piece: escaped() puts backslashes of its own.
  std::string marked;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find_first_of("\"\\", from), text.size());
    marked += escaped(text.substr(from, to - from));
    if (to < text.size()) marked.append({'\\', text[to]});
    from = to + 1;
  }
  return '"' + marked + (is_whole ? "\"" : "…\"");
}

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > nearest_bytes_max) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto candidate : candidates) {
    if (candidate.size() > nearest_bytes_max) continue;
    // Optimal string alignment, three rows: rows[0] is the current one, rows[1] and rows[2] those before it.
    std::array<std::array<std::size_t, nearest_bytes_max + 1>, 3> rows{};
    for (std::size_t j = 0; j <= candidate.size(); ++j)
      rows[0][j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::rotate(rows.begin(), rows.begin() + 2, rows.end());
      rows[0][0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const bool same = word[i - 1] == candidate[j - 1];
        rows[0][j] = std::min({rows[1][j] + 1, rows[0][j - 1] + 1, rows[1][j - 1] + (same ? 0 : 1)});
        const bool swapped =
            i > 1 && j > 1 && word[i - 1] == candidate[j - 2] && word[i - 2] == candidate[j - 1];
        if (swapped) rows[0][j] = std::min(rows[0][j], rows[2][j - 2] + 1);
      }
    }
    // A word of which nothing is right is no neighbour, however short.
    const std::size_t distance = rows[0][candidate.size()];
    if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace yam
