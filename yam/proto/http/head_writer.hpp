#pragma once
// Heads and trailer sections, written. Whatever text it is given, nothing but what this file itself writes
// ends a line: a response cannot be split, whoever chose a field's value (CWE-113).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::proto::http {

class HeadWriter {
 public:
  // Appends to `out`, which outlives this.
  explicit HeadWriter(std::string& out) : out_(out), start_(out.size()) {}

  // First one of these…
  void request_line(std::string_view method, std::string_view target);
  void status_line(unsigned status, std::string_view reason = {});  // empty: the words of RFC 9110 §15
  void last_chunk(bool behind_a_chunk);
  // …then fields. Control characters become blanks, as RFC 9110 §5.5 has it, but HTAB.
  void field(std::string_view name, std::string_view value);
  void field(std::string_view name, std::uint64_t value);
  // …then the empty line. Code::usage when a method, a target, a status or a name had a letter that it may
  // not have; then `out` is as it was before.
  Result<void> finish();

 private:
  void append_value(std::string_view value);
  void spoil(std::string_view what, std::string_view text);

  std::string& out_;
  std::size_t start_;
  std::string fault_;
};

// "Not Found"; empty for a status that RFC 9110 does not name.
std::string_view reason_of(unsigned status);

}  // namespace yam::proto::http
