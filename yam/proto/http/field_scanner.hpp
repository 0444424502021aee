#pragma once
// Scans a field section (RFC 9112 §5) from its first line to the empty line that ends it, however it is cut,
// looking at each byte once. It keeps offsets, so the buffer may move between two calls. Strict where others
// have disagreed and requests were smuggled: CRLF alone ends a line, nothing is folded, no blank before the
// colon, no control characters.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "yam/proto/http/fields.hpp"
#include "yam/proto/http/refusal.hpp"

namespace yam::proto::http {

class FieldScanner {
 public:
  // Goes on at `at` of `text`, and moves it behind what was read. True when the section has ended; then no
  // more may be given. `text` holds all of the section, at most 65,535 bytes, and begins as in the call
  // before.
  Checked<bool> scan(std::string_view text, std::size_t& at);

  void restart() {
    state_ = State::line_start;
    count_ = 0;
  }

  // Views into `text`, which has to be the same bytes.
  void collect(std::string_view text, Fields& fields) const;

 private:
  enum class State : std::uint8_t { line_start, name, value_start, value, line_lf, last_lf };
  struct Place {
    std::uint16_t name_at = 0, name_bytes = 0, value_at = 0, value_bytes = 0;
  };

  Checked<void> read_byte(std::string_view text, std::size_t at);
  Checked<void> begin_line(char c, std::size_t at);
  Checked<void> end_name(char c, std::size_t at);
  Checked<void> end_value(std::string_view text, std::size_t at);

  State state_ = State::line_start;
  std::size_t count_ = 0;
  std::array<Place, fields_max> places_;  // the first count_, and the one that is being read
};

}  // namespace yam::proto::http
