#include "yam/service/http_put/put_answer.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "yam/base/text.hpp"
#include "yam/proto/http/field/digest.hpp"
#include "yam/proto/http/syntax.hpp"
#include "yam/service/http_client/http_fetch.hpp"

namespace yam::service {

namespace http = proto::http;

namespace {

constexpr std::size_t answer_bytes_max = 8 * 1024;
constexpr std::size_t words_bytes_max = 200;
constexpr std::uint64_t rest_bytes_max = 64 * 1024;
constexpr std::size_t digest_bytes = 32;  // SHA-256

bool is_of_type(const HttpHead& head, std::string_view type) {
  const std::string_view value = head.fields().only("Content-Type").value_or("");
  return http::same_word(http::trimmed(value.substr(0, value.find(';'))), type);
}

std::string first_line(std::string_view text) {
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.size() > words_bytes_max) line = line.substr(0, words_bytes_max);
  return escaped(line.substr(0, whole_utf8(line)));
}

std::string hint_for(unsigned status) {
  switch (status) {
    case 403:
      return "the server's owner decides who may write there";
    case 404:
    case 409:
      return "is there such a folder, and is the name free?";
    case 405:
    case 501:
      return "the server takes no uploads there; yam serve does with ?write=new";
    case 412:
      return "--force replaces what is there, where the server allows that";
    default:
      return "";
  }
}

}  // namespace

PutReceipt parse_put_receipt(std::string_view text) {
  PutReceipt receipt;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return receipt;
  const auto digest = json.find("sha256");
  const auto size = json.find("size");
  if (digest == json.end() || !digest->is_string()) return receipt;
  const std::string digits = *digest;
  auto bytes = parse_hex(digits);
  if (!bytes || bytes->size() != digest_bytes) return receipt;
  receipt.sha256 = std::move(*bytes);
  if (size != json.end() && size->is_number_unsigned()) receipt.size_bytes = *size;
  return receipt;
}

net::Task<PutAnswer> receive_put_answer(HttpConnection& connection) {
  PutAnswer answer;
  const bool is_receipt = is_of_type(connection.head(), "application/json");
  const bool is_words = is_of_type(connection.head(), "text/plain");
  std::string text;
  while ((is_receipt || is_words) && text.size() < answer_bytes_max) {
    auto receiving = connection.receive(answer_bytes_max - text.size());
    const auto piece = co_await std::move(receiving);
    if (!piece || piece->empty()) break;
    text += text_of(*piece);
  }
  if (is_receipt && connection.head().status() / 100 == 2) answer.receipt = parse_put_receipt(text);
  // Without content the digest is that of what was put (RFC 9530 §3, appendix B.8).
  if (connection.head().status() == 204)
    if (auto digest = http::find_digest(connection.head().fields(), "Repr-Digest", http::sha256_name))
      if (digest->size() == digest_bytes) answer.receipt.sha256 = std::move(*digest);
  if (is_words) answer.words = first_line(text);
  auto dropping = connection.drop_content(rest_bytes_max);
  static_cast<void>(co_await std::move(dropping));
  co_return answer;
}

Error put_refusal(const HttpUrl& url, const HttpHead& head, const std::string& words) {
  Error error = http_refusal(url, head);
  if (!words.empty()) error.what += ": " + words;
  if (error.hint.empty()) error.hint = hint_for(head.status());
  return error;
}

bool says_cut(const HttpHead& head) {
  return head.status() == 400 && head.fields().lists("Connection", "close");
}

bool is_refusal_of_all(unsigned status) {
  return status == 401 || status == 405 || status == 407 || status == 501;
}

}  // namespace yam::service
