#pragma once
// What the answer to an upload says: a receipt of what the server has now, or in words why it took nothing.

#include <optional>
#include <string>

#include "yam/service/http_client/http_connection.hpp"

namespace yam::service {

// What the server says that it has.
struct PutReceipt {
  std::optional<std::uint64_t> size_bytes = {};
  Bytes sha256 = {};  // empty: it does not say

  bool operator==(const PutReceipt&) const = default;
};

// A receipt as `yam serve` writes it, {"size":12,"sha256":"…"} and perhaps more. Empty for anything else.
PutReceipt parse_put_receipt(std::string_view text);

// What follows the head of an answer, if it is short: a receipt in JSON, words in plain text. The rest is
// dropped, so that the connection may be used again.
struct PutAnswer {
  PutReceipt receipt = {};
  std::string words = {};  // one line, made safe to print
};
net::Task<PutAnswer> receive_put_answer(HttpConnection& connection);

// Why it took nothing: Code::refused, "URL: 413 Content Too Large: words", with a next step where there is
// one.
Error put_refusal(const HttpUrl& url, const HttpHead& head, const std::string& words);
// Whether the server found the request cut or broken, and ends the connection: something between may have
// done that, so that it is worth another try.
bool says_cut(const HttpHead& head);
// Whether such an answer would be given to every other file as well: who we are, or that nothing is taken.
bool is_refusal_of_all(unsigned status);

}  // namespace yam::service
