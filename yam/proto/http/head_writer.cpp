#include "yam/proto/http/head_writer.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "yam/base/text.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

struct Reason {
  unsigned status;
  std::string_view words;
};
constexpr Reason reasons[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {103, "Early Hints"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

// What a request line carries as one word.
bool is_one_word(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) { return is_control(c) || c == ' '; });
}

}  // namespace

std::string_view reason_of(unsigned status) {
  const auto* found = std::ranges::find(reasons, status, &Reason::status);
  return found == std::end(reasons) ? std::string_view() : found->words;
}

void HeadWriter::request_line(std::string_view method, std::string_view target) {
  if (!is_token(method)) return spoil("a method", method);
  if (!is_one_word(target)) return spoil("a target", target);
  out_.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
}

void HeadWriter::status_line(unsigned status, std::string_view reason) {
  if (status < 100 || status > 599) return spoil("a status", std::to_string(status));
  out_.append("HTTP/1.1 ").append(std::to_string(status)).append(" ");
  append_value(reason.empty() ? reason_of(status) : reason);
}

void HeadWriter::last_chunk(bool behind_a_chunk) {
  out_.append(behind_a_chunk ? "\r\n0\r\n" : "0\r\n");
}

void HeadWriter::field(std::string_view name, std::string_view value) {
  if (!is_token(name)) return spoil("a field name", name);
  out_.append(name).append(": ");
  append_value(value);
}

void HeadWriter::field(std::string_view name, std::uint64_t value) {
  field(name, fmt::format_int(value).str());
}

Result<void> HeadWriter::finish() {
  if (!fault_.empty()) {
    out_.resize(start_);
    return fail(Code::usage, fault_);
  }
  out_.append("\r\n");
  return {};
}

void HeadWriter::append_value(std::string_view value) {
  if (std::ranges::all_of(value, is_value_letter)) {
    out_.append(value);
  } else {
    for (const char c : value)
      out_ += is_value_letter(c) ? c : ' ';
  }
  out_.append("\r\n");
}

void HeadWriter::spoil(std::string_view what, std::string_view text) {
  if (fault_.empty()) fault_ = fmt::format("{} cannot be {}", what, quoted(text));
}

}  // namespace yam::proto::http
