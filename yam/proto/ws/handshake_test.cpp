#include "yam/proto/ws/handshake.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "yam/proto/http/client_conversation.hpp"
#include "yam/proto/http/server_conversation.hpp"

namespace yam::proto::ws {

namespace {

// §1.3.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==", accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::array<std::byte, ClientHandshake::nonce_bytes> nonce() {
  std::array<std::byte, ClientHandshake::nonce_bytes> bytes{};
  const std::string_view text = "the sample nonce";
  std::ranges::copy(bytes_of(text), bytes.begin());
  return bytes;
}

std::string request_with(std::string_view fields, std::string_view line = "GET /chat HTTP/1.1") {
  return std::string(line) + "\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

constexpr std::string_view upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
constexpr std::string_view keyed =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::string_view complete =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n";

std::expected<Opening, HandshakeRefusal> opening_of(const std::string& request) {
  http::RequestParser parser;
  EXPECT_TRUE(parser.handle_bytes(bytes_of(request)).value_or(false)) << request;
  return check_opening(parser.head());
}

std::expected<std::string, std::string_view> answer_of(const std::string& answer,
                                                       std::vector<std::string> protocols = {}) {
  http::ResponseParser parser;
  EXPECT_TRUE(parser.handle_bytes(bytes_of(answer)).value_or(false)) << answer;
  return ClientHandshake(nonce(), std::move(protocols)).check_answer(parser.head());
}

TEST(WsHandshake, AcceptsAsTheRfcDoes) {
  EXPECT_EQ(accept_of(key), accept);
}

TEST(WsHandshake, ReadsAnOpening) {
  const auto opening = opening_of(request_with(complete));
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->key, key);
  EXPECT_TRUE(opening->protocols.empty());
  EXPECT_EQ(answer_fields(*opening), (std::vector<SentField>{{field::accept, std::string(accept)}}));
}

TEST(WsHandshake, ChoosesAmongTheProtocols) {
  const auto opening =
      opening_of(request_with(std::string(complete) +
                              "Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Protocol: mqtt\r\n"
                              "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->protocols, (std::vector<std::string>{"chat", "superchat", "mqtt"}));
  constexpr std::array<std::string_view, 2> ours{"mqtt", "chat"}, others{"Chat", ""};
  EXPECT_EQ(choose_protocol(*opening, ours), "mqtt");
  EXPECT_EQ(choose_protocol(*opening, others), "");
  // what compresses is not granted: no field says so
  EXPECT_EQ(answer_fields(*opening, "mqtt"),
            (std::vector<SentField>{{field::accept, std::string(accept)}, {field::protocol, "mqtt"}}));
}

TEST(WsHandshake, RefusesWhatIsNoOpening) {
  const std::string plain(complete);
  const std::string many = [] {
    std::string list = "Sec-WebSocket-Protocol: p";
    for (std::size_t i = 0; i < protocols_max; ++i)
      list += ", p" + std::to_string(i);
    return list + "\r\n";
  }();
  const struct {
    std::string request;
    std::uint16_t status;
    std::string_view words;
  } rows[] = {
      {request_with(""), 426, "this wants a WebSocket"},
      {request_with("Upgrade: h2c\r\nConnection: Upgrade\r\n"), 426, "this wants a WebSocket"},
      {request_with("Upgrade: websocket\r\n"), 426, "this wants a WebSocket"},
      {request_with(complete, "POST /chat HTTP/1.1"), 426, "this wants a WebSocket"},
      {request_with(complete, "GET /chat HTTP/1.0"), 426, "this wants a WebSocket"},
      {request_with(plain + "Content-Length: 3\r\n"), 400, "a WebSocket's request with content"},
      {request_with(keyed), 400, "not one version of WebSocket"},
      {request_with(plain + "Sec-WebSocket-Version: 13\r\n"), 400, "not one version of WebSocket"},
      {request_with(std::string(keyed) + "Sec-WebSocket-Version: 8\r\n"), 426,
       "a version of WebSocket that is not spoken here"},
      {request_with(std::string(upgrade) + "Sec-WebSocket-Version: 13\r\n"), 400,
       "a key of WebSocket that is none"},
      {request_with(std::string(upgrade) + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n"), 400,
       "a key of WebSocket that is none"},
      {request_with(plain + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400,
       "a key of WebSocket that is none"},
      {request_with(plain + "Sec-WebSocket-Protocol: a b\r\n"), 400, "protocols of WebSocket that are none"},
      {request_with(plain + "Sec-WebSocket-Protocol: a, a\r\n"), 400, "protocols of WebSocket that are none"},
      {request_with(plain + many), 400, "protocols of WebSocket that are none"},
  };
  for (const auto& row : rows) {
    const auto opening = opening_of(row.request);
    ASSERT_FALSE(opening) << row.request;
    EXPECT_EQ(opening.error(), (HandshakeRefusal{row.status, row.words, row.status == 426})) << row.request;
  }
}

TEST(WsHandshake, ChecksTheAnswer) {
  const std::string start =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n";
  const std::string good = start + "Sec-WebSocket-Accept: " + std::string(accept) + "\r\n";
  EXPECT_EQ(answer_of(good + "\r\n"), "");
  EXPECT_EQ(answer_of(good + "Sec-WebSocket-Protocol: b\r\n\r\n", {"a", "b"}), "b");
  const struct {
    std::string answer;
    std::string_view words;
  } rows[] = {
      {"HTTP/1.1 200 OK\r\n\r\n", "the server does not speak WebSocket there"},
      {"HTTP/1.1 101 S\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
       "the server changed to another protocol than WebSocket"},
      {start + "\r\n", "the server's WebSocket answers another request"},
      {start + "Sec-WebSocket-Accept: " + std::string(key) + "\r\n\r\n",
       "the server's WebSocket answers another request"},
      {good + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
       "the server grants an extension that was not asked for"},
      {good + "Sec-WebSocket-Protocol: c\r\n\r\n", "the server chose a protocol that was not offered"},
      {good + "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n\r\n",
       "the server chose a protocol that was not offered"},
  };
  for (const auto& row : rows) {
    const auto chosen = answer_of(row.answer, {"a", "b"});
    ASSERT_FALSE(chosen) << row.answer;
    EXPECT_EQ(chosen.error(), row.words) << row.answer;
  }
}

// Both ends over the conversations of HTTP: what stands behind the heads is WebSocket's.
TEST(WsHandshake, GoesThroughHttp) {
  const ClientHandshake handshake(nonce(), {"a", "b"});
  http::ClientConversation client;
  http::ServerConversation server;
  std::string request, answer;
  const auto asked = handshake.fields();
  std::vector<http::Field> fields;
  for (const SentField& each : asked)
    fields.push_back({each.name, each.value});
  http::Ask ask;
  ask.host = "a";
  ask.fields = fields;
  ask.upgrade = upgrade_name;
  ASSERT_TRUE(client.write_request(request, ask));

  ASSERT_EQ(server.handle_bytes(bytes_of(request))->what, http::What::head);
  const auto opening = check_opening(server.request());
  ASSERT_TRUE(opening) << opening.error().words;
  const auto granted = answer_fields(*opening, "b");
  fields.clear();
  for (const SentField& each : granted)
    fields.push_back({each.name, each.value});
  http::Answer switched;
  switched.status = 101;
  switched.fields = fields;
  switched.upgrade = upgrade_name;
  ASSERT_TRUE(server.write_answer(answer, switched));
  ASSERT_TRUE(server.finish_answer(answer));

  ASSERT_EQ(client.handle_bytes(bytes_of(answer))->what, http::What::head);
  EXPECT_EQ(handshake.check_answer(client.response()), "b");
}

}  // namespace

}  // namespace yam::proto::ws
