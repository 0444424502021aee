#include "yam/proto/metalink/metalink_writer.hpp"

#include <algorithm>
#include <cstddef>

#include "yam/base/text.hpp"

namespace yam::proto::metalink {

namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t urls_max = 999'999;  // the lowest priority (RFC 5854 §4.2.16.2)

// Text between tags or in an attribute. What XML 1.0 has no letter for (most controls, U+FFFE, U+FFFF), and
// what is not UTF-8, becomes U+FFFD.
std::string xml(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string out;
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    const std::string_view letter = text.substr(0, next.length);
    text.remove_prefix(next.length);
    const bool control = next.point < 0x20 && next.point != '\t' && next.point != '\n';
    if (next.kind != Utf8::valid || control || next.point == 0xfffe || next.point == 0xffff) {
      out += replacement;
    } else if (letter == "&") {
      out += "&amp;";
    } else if (letter == "<") {
      out += "&lt;";
    } else if (letter == ">") {
      out += "&gt;";
    } else if (letter == "\"") {
      out += "&quot;";
    } else if (next.point < 0x20) {
      out += "&#" + std::to_string(static_cast<unsigned>(next.point)) + ";";  // else an attribute has a blank
    } else {
      out += letter;
    }
  }
  return out;
}

}  // namespace

std::string write_metalink(const OfferedFile& file, std::string_view generator) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\n"
      "  <generator>" +
      xml(generator) +
      "</generator>\n"
      "  <file name=\"" +
      xml(file.name) +
      "\">\n"
      "    <size>" +
      std::to_string(file.size) +
      "</size>\n"
      "    <hash type=\"sha-256\">";
  out += joined_hex(file.sha256);
  out += "</hash>\n";
  if (!file.pieces.empty()) {
    out += "    <pieces length=\"" + std::to_string(file.piece_bytes) + "\" type=\"sha-256\">\n";
    for (ByteView left = file.pieces; !left.empty(); left = left.subspan(std::min(hash_bytes, left.size()))) {
      out += "      <hash>";
      out += joined_hex(left.first(std::min(hash_bytes, left.size())));
      out += "</hash>\n";
    }
    out += "    </pieces>\n";
  }
  for (std::size_t i = 0; i < std::min(file.urls.size(), urls_max); ++i)
    out += "    <url priority=\"" + std::to_string(i + 1) + "\">" + xml(file.urls[i]) + "</url>\n";
  return out += "  </file>\n</metalink>\n";
}

}  // namespace yam::proto::metalink
