#include "yam/proto/http/framing.hpp"

#include <optional>

#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

// A Transfer-Encoding that is understood is the one word, on one line.
Checked<void> check_transfer_encoding(unsigned minor, const Fields& fields) {
  if (minor == 0) return refuse(400, "Transfer-Encoding in HTTP/1.0");
  if (fields.count("Content-Length") > 0) return refuse(400, "both Content-Length and Transfer-Encoding");
  if (fields.count("Transfer-Encoding") > 1) return refuse(400, "more than one Transfer-Encoding");
  const std::string_view value = *fields.find("Transfer-Encoding");
  if (same_word(value, "chunked")) return {};
  std::string_view last;
  unsigned chunked = 0;
  for (ListReader list(value); const auto coding = list.next();) {
    last = *coding;
    if (!is_token(*coding)) return refuse(400, "a malformed Transfer-Encoding");
    chunked += same_word(*coding, "chunked");
  }
  if (chunked != 1 || !same_word(last, "chunked") || value.front() == ',' || value.back() == ',')
    return refuse(400, "a Transfer-Encoding that does not end in one chunked");
  return refuse(501, "a transfer coding that is not known");
}

// The framing that the fields alone tell.
Checked<std::optional<Framing>> told_framing(unsigned minor, const Fields& fields) {
  if (fields.count("Transfer-Encoding") > 0) {
    if (auto checked = check_transfer_encoding(minor, fields); !checked) return refuse(checked.error());
    return Framing{Body::chunked};
  }
  if (fields.count("Content-Length") == 0) return std::nullopt;
  if (fields.count("Content-Length") > 1) return refuse(400, "more than one Content-Length");
  const auto length = parse_digits(*fields.find("Content-Length"));
  if (!length) return refuse(400, "a Content-Length that is no number");
  return Framing{*length == 0 ? Body::none : Body::length, *length};
}

}  // namespace

Checked<Framing> request_framing(std::string_view method, unsigned minor, const Fields& fields) {
  const auto told = told_framing(minor, fields);
  if (!told) return refuse(told.error());
  const Framing framing = told->value_or(Framing{});
  // What comes behind a CONNECT is the tunnel's (RFC 9110 §9.3.6).
  if (method == "CONNECT" && framing.body != Body::none) return refuse(400, "a CONNECT with a body");
  return framing;
}

Checked<Framing> response_framing(std::string_view method, unsigned status, unsigned minor,
                                  const Fields& fields) {
  if (status == 101 || (method == "CONNECT" && status / 100 == 2)) return Framing{Body::tunnel};
  const auto told = told_framing(minor, fields);
  if (!told) return refuse(told.error());
  if (!may_have_body(method, status)) return Framing{};
  return told->value_or(Framing{Body::until_close});
}

bool may_have_body(std::string_view method, unsigned status) {
  return method != "HEAD" && status / 100 != 1 && status != 204 && status != 304;
}

}  // namespace yam::proto::http
