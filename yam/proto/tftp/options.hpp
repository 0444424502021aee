#pragma once
// The options of a transfer: what was asked, what a server grants, and whether an OACK keeps to what was
// asked (RFC 2347, 2348, 2349, 7440). Values only; packet.hpp carries them as text.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "yam/base/result.hpp"
#include "yam/proto/tftp/packet.hpp"

namespace yam::proto::tftp {

// Beyond this a late acknowledgement could be taken for a new one: numbers come round after 65,536 blocks.
// RFC 7440 §3 lets a client ask for 65,535, and a server answer less.
inline constexpr std::uint16_t window_blocks_max = 32767;
inline constexpr std::uint16_t window_blocks_default = 64;  // the cap of a server that was not told another
inline constexpr std::uint8_t timeout_seconds_max = 255;    // RFC 2349

// Each is there when it was asked for (or granted) in a form that its RFC allows.
struct Options {
  std::optional<std::uint16_t> block_bytes;     // blksize: 8 to 65464
  std::optional<std::uint16_t> window;          // windowsize: 1 to 65535
  std::optional<std::uint8_t> timeout_seconds;  // timeout: 1 to 255
  std::optional<std::uint64_t> size_bytes;      // tsize

  bool empty() const { return !block_bytes && !window && !timeout_seconds && !size_bytes; }
  std::string to_string() const;  // "blksize=1428 windowsize=64 tsize=0"; "" when empty

  bool operator==(const Options&) const = default;
};

// What both ends hold to during a transfer; as it is here, RFC 1350's.
struct Terms {
  std::uint16_t block_bytes = block_bytes_default;
  std::uint16_t window = 1;
  std::optional<std::chrono::seconds> timeout;  // the longest before a repetition
  std::optional<std::uint64_t> size_bytes;

  Terms() = default;
  explicit Terms(const Options& granted);

  bool operator==(const Terms&) const = default;
};

// What a server gives at most. A client asking for more gets this much (RFC 2348, RFC 7440 §3: the answer is
// no greater than the question).
struct Caps {
  std::uint16_t block_bytes = block_bytes_max;
  std::uint16_t window = window_blocks_default;
  std::uint8_t timeout_seconds = timeout_seconds_max;  // a longer one is left out: RFC 2349 knows no less
};

// The known options that are well formed. A blksize above 65464 is taken for 65464, which RFC 2348 lets a
// server answer; any other malformed or unknown option, and the second of a name, is as if never asked.
Options read_options(const OptionTexts& texts);

// What the OACK says: only what was asked. `size_bytes` is the size of the file that a read request gets,
// absent when it is not known before (netascii); a write request's own is echoed (RFC 2349).
Options grant(const Options& asked, const Caps& caps, bool write, std::optional<std::uint64_t> size_bytes);

// The client's side. Code::protocol, with the words to send in an ERROR 8 (RFC 2347: what was not asked for
// must not be answered), when the OACK names an option that was not asked, a larger value (RFC 2348, RFC 7440
// §3), another timeout (RFC 2349), or something malformed.
Result<Options> check_granted(const Options& asked, const OptionTexts& granted);

// An option list in packet form; it keeps the text of the numbers that texts() points to.
class OptionWords {
 public:
  explicit OptionWords(const Options& options);
  OptionWords(const OptionWords&) = delete;
  OptionWords& operator=(const OptionWords&) = delete;

  const OptionTexts& texts() const { return texts_; }

 private:
  std::string block_bytes_, window_, timeout_, size_;
  OptionTexts texts_;
};

}  // namespace yam::proto::tftp
