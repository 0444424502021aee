#include "yam/proto/ws/handshake.hpp"

#include <algorithm>
#include <utility>

#include <openssl/sha.h>

#include "yam/base/base64.hpp"
#include "yam/proto/http/connection.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::ws {

namespace {

constexpr std::string_view key_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // §1.3

std::unexpected<HandshakeRefusal> refuse_opening(std::uint16_t status, std::string_view words) {
  return std::unexpected(HandshakeRefusal{status, words, status == 426});
}

bool is_key(std::string_view text) {
  const auto nonce = parse_base64(text);
  return nonce && nonce->size() == ClientHandshake::nonce_bytes;
}

// All lines together are one list (§4.2.1). Absent when a member is no token, stands twice, or is too many.
std::optional<std::vector<std::string>> protocols_of(const http::Fields& fields) {
  std::vector<std::string> protocols;
  for (const http::Field& each : fields) {
    if (!http::same_word(each.name, field::protocol)) continue;
    http::ListReader list(each.value);
    while (const auto member = list.next()) {
      const bool is_known = std::ranges::find(protocols, *member) != protocols.end();
      if (!http::is_token(*member) || is_known || protocols.size() == protocols_max) return std::nullopt;
      protocols.emplace_back(*member);
    }
  }
  return protocols;
}

std::string listed(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& each : protocols)
    list += (list.empty() ? "" : ", ") + each;
  return list;
}

}  // namespace

std::expected<Opening, HandshakeRefusal> check_opening(const http::RequestHead& head) {
  if (head.method != "GET" || !http::offers_upgrade(head.minor, head.fields, upgrade_name))
    return refuse_opening(426, "this wants a WebSocket");
  if (head.framing.body != http::Body::none) return refuse_opening(400, "a WebSocket's request with content");
  const auto versions = head.fields.only(field::versions);
  if (!versions) return refuse_opening(400, "not one version of WebSocket");
  if (*versions != version) return refuse_opening(426, "a version of WebSocket that is not spoken here");
  const auto key = head.fields.only(field::key);
  if (!key || !is_key(*key)) return refuse_opening(400, "a key of WebSocket that is none");
  auto protocols = protocols_of(head.fields);
  if (!protocols) return refuse_opening(400, "protocols of WebSocket that are none");
  return Opening{std::string(*key), std::move(*protocols)};
}

std::vector<SentField> answer_fields(const Opening& opening, std::string_view protocol) {
  std::vector<SentField> fields{{field::accept, accept_of(opening.key)}};
  if (!protocol.empty()) fields.push_back({field::protocol, std::string(protocol)});
  return fields;
}

std::string_view choose_protocol(const Opening& opening, std::span<const std::string_view> ours) {
  const auto chosen = std::ranges::find_if(ours, [&](std::string_view each) {
    return std::ranges::find(opening.protocols, each) != opening.protocols.end();
  });
  return chosen == ours.end() ? std::string_view() : *chosen;
}

ClientHandshake::ClientHandshake(std::span<const std::byte, nonce_bytes> nonce,
                                 std::vector<std::string> protocols)
    : key_(base64(nonce)), protocols_(std::move(protocols)) {}

std::vector<SentField> ClientHandshake::fields() const {
  std::vector<SentField> fields{{field::key, key_}, {field::versions, std::string(version)}};
  if (!protocols_.empty()) fields.push_back({field::protocol, listed(protocols_)});
  return fields;
}

std::expected<std::string, std::string_view> ClientHandshake::check_answer(
    const http::ResponseHead& head) const {
  if (head.status != 101) return std::unexpected("the server does not speak WebSocket there");
  if (!http::offers_upgrade(head.minor, head.fields, upgrade_name))
    return std::unexpected("the server changed to another protocol than WebSocket");
  if (head.fields.only(field::accept) != accept_of(key_))
    return std::unexpected("the server's WebSocket answers another request");
  if (head.fields.count(field::extensions) > 0)
    return std::unexpected("the server grants an extension that was not asked for");
  if (head.fields.count(field::protocol) == 0) return "";
  const auto chosen = head.fields.only(field::protocol);
  if (!chosen || std::ranges::find(protocols_, *chosen) == protocols_.end())
    return std::unexpected("the server chose a protocol that was not offered");
  return std::string(*chosen);
}

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + std::string(key_suffix);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  ::SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64(std::as_bytes(std::span(digest)));
}

}  // namespace yam::proto::ws
