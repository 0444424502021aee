#pragma once
// Tells texts apart in a stream whose messages have no terminator (CLASSICS: what one send carried is a
// text). Each read is taken as a text, cut at line ends for those who type; a character that a read cut in
// two waits for its other half. Two texts that arrived together without a line end between them are one.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/bytes.hpp"

namespace yam::service {

class TextCutter {
 public:
  // What `piece`, which one read brought, makes of texts; without their line ends (LF or CRLF). They point
  // into `joined`, which must live as long as they are used.
  std::vector<std::string_view> handle_piece(ByteView piece, std::string& joined);

  // Part of a character waits for the rest.
  bool is_waiting() const { return kept_ > 0; }
  // What waits, as it is: the peer has ended, or the rest does not come.
  std::string take_rest();

 private:
  std::array<char, 3> cut_{};  // UTF-8 cuts leave three bytes at most
  std::uint8_t kept_ = 0;
};

}  // namespace yam::service
