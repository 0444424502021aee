#pragma once
// A form with files (multipart/form-data, RFC 7578), read as it comes. Content is handed out as views and
// never gathered. Whatever browsers and curl do not send is refused: a preamble, blanks behind a boundary,
// parts without a name, content in an encoding of its own.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/proto/http/field/media_type.hpp"
#include "yam/proto/http/field_scanner.hpp"
#include "yam/proto/http/refusal.hpp"

namespace yam::proto::http {

inline constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046 §5.1.1
inline constexpr std::size_t form_part_head_bytes_max = 8 * 1024;
inline constexpr std::size_t form_parts_max = 10'000;  // beyond: 413

// Of a multipart/form-data; absent for other types, and when it is not 1 to 70 of the letters of RFC 2046.
std::optional<std::string> form_boundary(const MediaType& type);

// As written: clean a file's name before use, and mind that browsers write `"` in both as %22.
struct FormPart {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type;  // empty when not told
};

struct FormStep {
  enum class What : std::uint8_t {
    more,      // hand it the bytes that it did not use again, with others behind them
    part,      // part() is another one
    content,   // of it
    part_end,  // it is whole
    end,       // the form is; what still comes is used and means nothing
  };
  What what = What::more;
  std::size_t used = 0;
  ByteView content = {};
};

class FormReader {
 public:
  explicit FormReader(std::string_view boundary);

  // One step; call it again until it says more, or end with nothing left. It leaves at most
  // form_part_head_bytes_max bytes unused. Refusals: 400, 413, 431.
  Checked<FormStep> handle_bytes(ByteView unread);
  // The body is over. Refused when the form is not.
  Checked<void> handle_end() const;

  const FormPart& part() const { return part_; }

 private:
  enum class State : std::uint8_t { first_boundary, behind_boundary, part_head, content, ended };

  Checked<FormStep> read_first_boundary(std::string_view text);
  Checked<FormStep> read_behind_boundary(std::string_view text);
  Checked<FormStep> read_part_head(std::string_view text);
  Checked<FormStep> read_content(std::string_view text);
  Checked<void> take_part(const Fields& fields);

  std::string delimiter_;  // CRLF "--" boundary
  State state_ = State::first_boundary;
  FieldScanner scanner_;
  std::size_t scanned_ = 0, parts_ = 0;
  FormPart part_;
};

}  // namespace yam::proto::http
