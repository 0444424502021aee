#include "yam/base/base64.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace yam {

namespace {

constexpr std::string_view sextets = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto sextet_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < sextets.size(); ++i)
    values[static_cast<unsigned char>(sextets[i])] = static_cast<std::int8_t>(i);
  return values;
}();

}  // namespace

std::string base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < count ? std::to_integer<std::uint32_t>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= count ? sextets[group >> (18 - 6 * i) & 63U] : '=';
  }
  return text;
}

std::optional<Bytes> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::size_t letters = 4;
    if (at + 4 == text.size())
      while (letters > 2 && text[at + letters - 1] == '=')
        --letters;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int value = i < letters ? sextet_values[static_cast<unsigned char>(text[at + i])] : 0;
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    if (letters < 4 && (group & (letters == 2 ? 0xffffU : 0xffU)) != 0) return std::nullopt;
    for (std::size_t i = 0; i + 1 < letters; ++i)
      bytes.push_back(static_cast<std::byte>(group >> (16 - 8 * i) & 0xffU));
  }
  return bytes;
}

}  // namespace yam
