#pragma once
// The six packets of TFTP (RFC 1350 §5, RFC 2347) as values, and how they are written. What is decoded
// borrows the datagram. It judges the form alone: what an option's value means is options.hpp's affair, and
// which block is wanted the machines'.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam::proto::tftp {

inline constexpr std::size_t request_bytes_max = 512;         // that we write (RFC 2347, "Packet Formats")
inline constexpr std::size_t request_bytes_taken_max = 1472;  // that we read: one unfragmented datagram
inline constexpr std::size_t name_bytes_max = 1024;
inline constexpr std::size_t mode_bytes_max = 16;
inline constexpr std::size_t option_bytes_max = 64;       // of an option's name or value
inline constexpr std::size_t options_max = 16;            // in one packet; those beyond are left out
inline constexpr std::size_t error_text_bytes_max = 480;  // that we write, and show of what others write
inline constexpr std::size_t header_bytes = 4;            // of DATA: the opcode and the block number
inline constexpr std::size_t block_bytes_default = 512;   // RFC 1350 §2
inline constexpr std::size_t block_bytes_min = 8;         // RFC 2348
inline constexpr std::size_t block_bytes_max = 65464;     // RFC 2348

enum class Opcode : std::uint16_t { read = 1, write = 2, data = 3, ack = 4, error = 5, option_ack = 6 };

// RFC 1350 "Error Codes"; 8 is RFC 2347's.
enum class ErrorCode : std::uint16_t {
  undefined = 0,
  not_found = 1,
  access_violation = 2,
  disk_full = 3,
  illegal_operation = 4,
  unknown_transfer = 5,
  already_exists = 6,
  no_such_user = 7,
  option_refused = 8,
};

enum class Mode : std::uint8_t { octet, netascii };
const char* name_of(Mode mode);

// An option as it was written: nothing but its bytes is known.
struct OptionText {
  std::string_view name;
  std::string_view value;

  bool operator==(const OptionText&) const = default;
};

// In the order of the packet. Options without a name, and one whose value is cut off, are left out: a server
// omits from its OACK what it does not understand (RFC 2347, "Options Negotiation").
class OptionTexts {
 public:
  OptionTexts() = default;
  OptionTexts(std::initializer_list<OptionText> texts);

  bool add(OptionText text);  // false when full
  const OptionText* begin() const { return texts_.data(); }
  const OptionText* end() const { return texts_.data() + count_; }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  // The first of that name, in any case (RFC 2347).
  std::optional<std::string_view> find(std::string_view name) const;

  bool operator==(const OptionTexts& other) const;

 private:
  std::array<OptionText, options_max> texts_;
  std::size_t count_ = 0;
};

struct Request {
  bool write = false;  // WRQ, not RRQ
  std::string_view name;
  Mode mode = Mode::octet;
  OptionTexts options;

  bool operator==(const Request&) const = default;
};
struct Data {
  std::uint16_t number = 0;
  ByteView bytes;
};
struct Ack {
  std::uint16_t number = 0;

  bool operator==(const Ack&) const = default;
};
struct ErrorPacket {
  std::uint16_t code = 0;
  std::string_view text;  // cut at error_text_bytes_max; escape it before a person sees it

  bool operator==(const ErrorPacket&) const = default;
};
struct OptionAck {
  OptionTexts options;

  bool operator==(const OptionAck&) const = default;
};
using Packet = std::variant<Request, Data, Ack, ErrorPacket, OptionAck>;

// Refusals are Code::protocol. Taken although it is wrong, because it is met: bytes behind an ACK or a
// request (padding to the shortest Ethernet frame), an ERROR text without its NUL, modes and option names in
// any case (RFC 1350 §5, RFC 2347).
Result<Packet> decode(ByteView datagram);
// RRQ or WRQ by its opcode, even where decode() refuses the rest.
bool is_request(ByteView datagram);

// Each replaces what `out` holds. Code::usage when a name, an option or the whole exceeds its limit, or has a
// NUL inside.
Result<void> write_request(Bytes& out, const Request& request);
Result<void> write_option_ack(Bytes& out, const OptionTexts& options);
void write_ack(Bytes& out, std::uint16_t number);
void write_error(Bytes& out, ErrorCode code, std::string_view text);  // cuts the text, at a NUL too
std::array<std::byte, header_bytes> data_header(std::uint16_t number);

// "file not found": the words of RFC 1350's table; "error 9" for a code it does not know.
std::string words_of(std::uint16_t code);
// What a person reads of an ERROR that came: `"disk on fire" (error 3: disk full)`, escaped.
std::string describe(const ErrorPacket& error);

// Equal but for the case of ASCII letters.
bool same_word(std::string_view left, std::string_view right);

}  // namespace yam::proto::tftp
