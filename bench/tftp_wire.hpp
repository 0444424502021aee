#pragma once

// What the bench's bare TFTP programs share: the few packets of a transfer without a fault in it, as plain
// as they can be written. Nothing of libyam: these programs are what yam is measured against.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace bench {

inline constexpr std::size_t tftp_header_bytes = 4;
inline constexpr std::size_t tftp_block_max = 65464;

enum TftpCode : std::uint8_t { tftp_read = 1, tftp_data = 3, tftp_ack = 4, tftp_error = 5, tftp_oack = 6 };

struct TftpTerms {
  std::size_t block = 512;
  std::size_t window = 1;
};

inline unsigned tftp_number(const unsigned char* packet) {
  return static_cast<unsigned>(packet[2] << 8 | packet[3]);
}

inline void write_tftp_header(unsigned char* packet, TftpCode code, std::uint64_t block) {
  packet[0] = 0;
  packet[1] = code;
  packet[2] = static_cast<unsigned char>(block >> 8);
  packet[3] = static_cast<unsigned char>(block);
}

// The words behind an OACK's code, or behind a request's name and mode: name NUL value NUL …
inline TftpTerms read_tftp_terms(std::string_view words) {
  TftpTerms terms;
  std::string_view name;
  for (bool is_value = false; !words.empty(); is_value = !is_value) {
    const auto end = words.find('\0');
    const std::string_view word = words.substr(0, end);
    if (is_value) {
      std::size_t value = 0;
      std::from_chars(word.data(), word.data() + word.size(), value);
      if (name == "blksize") terms.block = value;
      if (name == "windowsize") terms.window = value;
    }
    name = word;
    if (end == words.npos) break;
    words.remove_prefix(end + 1);
  }
  return terms;
}

inline std::string tftp_option_words(const TftpTerms& terms) {
  std::string words;
  const auto add = [&](const char* name, std::size_t value) {
    words += name;
    words += '\0';
    words += std::to_string(value);
    words += '\0';
  };
  if (terms.block != 512) add("blksize", terms.block);
  if (terms.window != 1) add("windowsize", terms.window);
  return words;
}

inline std::string tftp_request(std::string_view name, const TftpTerms& terms) {
  std::string packet{'\0', static_cast<char>(tftp_read)};
  packet.append(name) += '\0';
  packet.append("octet") += '\0';
  return packet + tftp_option_words(terms);
}

}  // namespace bench
