#pragma once
// Bytes as the network carries them: no encoding, no terminator. A ByteView borrows and must not outlive what
// it points into.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yam {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;
using ByteSpan = std::span<std::byte>;

// The same bytes seen as text and back; nothing is decoded, copied or checked.
inline ByteView bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes copy_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}
inline std::string string_of(ByteView bytes) {
  return std::string(text_of(bytes));
}

}  // namespace yam
