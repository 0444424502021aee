#pragma once
// Request and response heads (RFC 9112 §2 to §5), parsed as they come in one pass and without an allocation.
// A head that parsers could read in two ways is refused. The caller owns the buffer: it hands over what it
// has from the head's first byte on, again with more behind it, and keeps it while it uses the head.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/proto/http/field_scanner.hpp"
#include "yam/proto/http/fields.hpp"
#include "yam/proto/http/framing.hpp"
#include "yam/proto/http/refusal.hpp"
#include "yam/proto/http/target.hpp"

namespace yam::proto::http {

inline constexpr std::size_t head_bytes_max = 32 * 1024;   // beyond: 431
inline constexpr std::size_t target_bytes_max = 8 * 1024;  // beyond: 414 (RFC 9112 §3 wants 8,000 at least)
inline constexpr std::size_t method_bytes_max = 32;        // beyond: 501 (§3.1)

struct RequestHead {
  std::string_view method;  // in its case, which counts (RFC 9110 §9.1)
  Target target;
  Host host;           // the target's where it has one, else the field's (RFC 9112 §3.2.2)
  unsigned minor = 1;  // 0 for HTTP/1.0, 1 for 1.1 and what comes behind it
  Fields fields;
  Framing framing;
};

struct ResponseHead {
  std::uint16_t status = 0;  // 100 to 599
  std::string_view reason;   // escape it before a person sees it
  unsigned minor = 1;
  Fields fields;
};

class RequestParser {
 public:
  // `unread` begins where the head begins, in every call. True when the head is whole: then head() and
  // head_bytes() stand. Refusals: 400, 414, 431, 501, and 505 for HTTP/0.9 and another major version. After
  // either, restart(). An empty line before the head is skipped (§2.2).
  Checked<bool> handle_bytes(ByteView unread);

  const RequestHead& head() const { return head_; }  // its views borrow the last `unread`
  std::size_t head_bytes() const { return at_; }
  // Whether a byte of a head has come: an end here cuts a request.
  bool begun() const { return state_ != State::start && state_ != State::start_lf; }
  void restart();

 private:
  enum class State : std::uint8_t { start, start_lf, method, target, version, version_lf, fields };

  Checked<void> read_byte(std::string_view text);
  Checked<void> end_method(std::string_view text);
  Checked<void> end_target(std::string_view text);
  Checked<void> finish(std::string_view text);

  State state_ = State::start;
  std::size_t at_ = 0;
  std::size_t method_at_ = 0, method_bytes_ = 0, target_at_ = 0, target_bytes_ = 0, version_at_ = 0;
  FieldScanner scanner_;
  RequestHead head_;
};

class ResponseParser {
 public:
  // As above. Taken although §4 wants a blank behind the status: a line that ends with it.
  Checked<bool> handle_bytes(ByteView unread);

  const ResponseHead& head() const { return head_; }
  std::size_t head_bytes() const { return at_; }
  bool begun() const { return at_ > 0; }
  void restart() { *this = ResponseParser(); }

 private:
  enum class State : std::uint8_t { start, reason, reason_lf, fields };

  Checked<void> read_byte(std::string_view text);

  State state_ = State::start;
  std::size_t at_ = 0, reason_bytes_ = 0;
  FieldScanner scanner_;
  ResponseHead head_;
};

}  // namespace yam::proto::http
