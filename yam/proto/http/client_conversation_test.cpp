#include "yam/proto/http/client_conversation.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

// A client that has sent some requests, and what it saw come back.
class Client {
 public:
  std::string events, sent;
  ClientConversation conversation;

  explicit Client(const std::vector<Ask>& asks = {}) {
    for (Ask ask : asks) {
      ask.host = "a";
      EXPECT_TRUE(conversation.write_request(sent, ask));
      EXPECT_TRUE(conversation.frame_content(sent, ask.content_bytes));
      EXPECT_TRUE(conversation.finish_request(sent));
    }
  }

  Client& receive(std::string_view bytes, std::size_t step) {
    for (std::size_t given = 0; given < bytes.size();) {
      const std::size_t take = std::min(step, bytes.size() - given);
      unread_ += bytes.substr(given, take);
      given += take;
      while (advance()) {
      }
    }
    return *this;
  }
  Client& end() {
    for (;;) {
      const auto step = conversation.handle_end();
      events += !step                     ? "<" + std::string(step.error().words) + ">"
                : step->what == What::end ? "."
                                          : "closed";
      if (!step || step->what == What::closed) return *this;
    }
  }

 private:
  bool advance() {
    const std::vector<char> copy(unread_.begin(), unread_.end());
    const auto step = conversation.handle_bytes(bytes_of({copy.data(), copy.size()}));
    if (!step) {
      events += "<" + std::string(step.error().words) + ">";
      return false;
    }
    const std::string status = std::to_string(conversation.response().status);
    switch (step->what) {
      case What::informational:
        events += "(" + status + " first)";
        break;
      case What::head:
        events += "(" + status + ")";
        break;
      case What::content:
        events += text_of(step->content);
        break;
      case What::end:
        events += ".";
        break;
      case What::tunnel:
        if (!events.ends_with("tunnel")) events += "tunnel";
        return false;
      case What::more:
        unread_.erase(0, step->used);
        return step->used > 0;
      case What::closed:
        return false;
      case What::waiting:
        ADD_FAILURE();
    }
    unread_.erase(0, step->used);
    return true;
  }

  std::string unread_;
};

// The answers to some requests, whole and in pieces; then the server's end.
void expect(const std::vector<Ask>& asks, const std::string& received, const std::string& events) {
  for (const std::size_t step : {received.size() + 1, std::size_t{1}, std::size_t{5}})
    EXPECT_EQ(Client(asks).receive(received, step).end().events, events) << received << " by " << step;
}

const Ask get = {}, head = {.method = "HEAD"}, connect = {.method = "CONNECT", .target = "b:1"},
          upgrade = {.upgrade = "websocket"};
const std::string ok3 = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";

TEST(ClientConversation, TakesAnswersInOrder) {
  expect({get}, ok3 + "abc", "(200)abc.closed");
  expect({get, head, get}, ok3 + "abc" + ok3 + ok3 + "def", "(200)abc.(200).(200)def.closed");
  expect({get, get},
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + ok3 + "def",
         "(200)abc.(200)def.closed");
  expect({get, get}, "HTTP/1.1 204 x\r\n\r\nHTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n",
         "(204).(304).closed");
  expect({get}, "HTTP/1.1 200 OK\r\n\r\nabc", "(200)abc.closed");
  expect({get}, "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabcjunk", "(200)abc.closed");
  expect({get}, "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 100\r\n\r\n" + ok3 + "abc",
         "(103 first)(100 first)(200)abc.closed");
}

TEST(ClientConversation, LeavesOutWhatWentAnotherWay) {
  Client client({get, get});
  client.receive(ok3 + "a", 99);
  EXPECT_EQ(client.conversation.content_left(), 2);
  client.conversation.skip_content(2);
  EXPECT_EQ(client.conversation.content_left(), 0);
  client.receive(ok3 + "def", 99);
  EXPECT_EQ(client.events, "(200)a.(200)def.");
  EXPECT_EQ(client.conversation.content_left(), std::nullopt);
  Client chunks({get});
  chunks.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", 99);
  EXPECT_EQ(chunks.conversation.content_left(), std::nullopt);
}

TEST(ClientConversation, BecomesATunnel) {
  expect({upgrade}, "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n\x81",
         "(101).tunnelclosed");
  expect({upgrade}, ok3 + "abc", "(200)abc.closed");
  const std::string events =
      Client({connect}).receive("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 99).events;
  EXPECT_EQ(events, "(200).tunnel");
  expect({connect}, "HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nabc", "(407)abc.closed");
}

TEST(ClientConversation, RefusesWhatCannotBeTrusted) {
  const struct {
    std::vector<Ask> asks;
    std::string received, events;
  } cases[] = {
      {{}, "HTTP/1.1 408 Late\r\n\r\n", "<a response that no request asked for>closed"},
      {{get}, ok3 + "abcd", "(200)abc.<a response that no request asked for>closed"},
      {{head}, ok3 + "abc", "(200).<a response that no request asked for>closed"},
      {{get}, ok3 + "ab", "(200)ab<a body that is cut off>"},
      {{get}, "HTTP/1.1 200", "<a connection that ends before its answer>"},
      {{get}, "", "<a connection that ends before its answer>"},
      {{get, get}, ok3 + "abc", "(200)abc.<a connection that ends before its answer>"},
      {{get}, "SSH-2.0\r\n", "<a response that does not begin with HTTP/1>closed"},
      {{get},
       "HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
       "<a switch to a protocol that no request asked for>closed"},
      {{upgrade},
       "HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
       "<a switch to a protocol that no request asked for>closed"},
      {{get},
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
       "<more than one Content-Length>closed"},
      {{get},
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       "<both Content-Length and Transfer-Encoding>closed"},
      {{get},
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
       "(200)abc<a body that is cut off>"},
  };
  for (const auto& [asks, received, events] : cases)
    expect(asks, received, events);
  std::string interim;
  for (std::size_t i = 0; i <= informational_max; ++i)
    interim += "HTTP/1.1 100 C\r\n\r\n";
  EXPECT_TRUE(Client({get}).receive(interim, 999999).events.ends_with("<too many interim responses>"));
}

TEST(ClientConversation, KnowsWhetherAnotherRequestMayFollow) {
  const struct {
    std::vector<Ask> asks;
    std::string received;
    bool open;
  } cases[] = {
      {{}, "", true},
      {{get}, "", true},
      {{get}, ok3 + "abc", true},
      {{{.close = true}}, "", false},
      {{upgrade}, "", false},
      {{connect}, "", false},
      {{get}, "HTTP/1.1 200 OK\r\nConnection: close\r\n", true},
      {{get}, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", false},
      {{get}, "HTTP/1.1 200 OK\r\n\r\n", false},
      {{get}, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false},
      {{get}, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", true},
      {{get}, "nonsense", false},
  };
  for (const auto& [asks, received, open] : cases)
    EXPECT_EQ(Client(asks).receive(received, 1).conversation.keeps_open(), open) << received;

  // An answer before the content is out: the server may never read the rest.
  Client early;
  ASSERT_TRUE(
      early.conversation.write_request(early.sent, {.method = "PUT", .host = "a", .body = Body::chunked}));
  EXPECT_FALSE(early.conversation.write_request(early.sent, {.host = "a"}));
  early.receive(ok3 + "abc", 1);
  EXPECT_FALSE(early.conversation.keeps_open());
}

TEST(ClientConversation, WritesRequests) {
  const Field fields[] = {{"X", "y\r\nEvil: 1"}};
  const struct {
    Ask ask;
    std::string sent;
  } cases[] = {
      {{.target = "/a?b", .host = "[::1]:8", .fields = fields},
       "GET /a?b HTTP/1.1\r\nHost: [::1]:8\r\nX: y  Evil: 1\r\n\r\n"},
      {{.method = "PUT", .host = "a"}, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"},
      {{.method = "PUT", .host = "a", .body = Body::length, .content_bytes = 3, .expects_continue = true},
       "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"},
      {{.method = "PUT", .host = "a", .body = Body::chunked, .close = true},
       "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"},
      {{.host = "a", .upgrade = "websocket"},
       "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"},
  };
  for (const auto& [ask, sent] : cases) {
    Client client;
    ASSERT_TRUE(client.conversation.write_request(client.sent, ask));
    EXPECT_EQ(client.sent, sent);
  }
}

TEST(ClientConversation, ARequestThatMakesNoSenseIsNotWritten) {
  const Field host[] = {{"hOST", "b"}};
  const struct {
    Ask ask;
    std::string words;
  } cases[] = {
      {{.method = "GE T", .host = "a"}, "a method cannot be \"GE T\""},
      {{.target = "/a b", .host = "a"}, "a target cannot be \"/a b\""},
      {{.target = "/a\r\nX: y", .host = "a"}, "a target cannot be \"/a\\r\\nX: y\""},
      {{.target = "*", .host = "a"}, "a target cannot be \"*\""},
      {{.host = "a\r\nX: y"}, "a host cannot be \"a\\r\\nX: y\""},
      {{.host = "a", .fields = host}, "the conversation itself writes hOST"},
      {{.host = "a", .body = Body::until_close}, "a request that cannot have such a body"},
      {{.host = "a", .close = true, .upgrade = "x"}, "an upgrade of a connection that closes"},
  };
  Client client;
  for (const auto& [ask, words] : cases) {
    const auto written = client.conversation.write_request(client.sent, ask);
    EXPECT_EQ(written ? "" : written.error().what, words);
  }
  EXPECT_EQ(client.sent, "");
  for (std::size_t i = 0; i < pipelined_max; ++i)
    ASSERT_TRUE(client.conversation.write_request(client.sent, {.host = "a"}));
  EXPECT_EQ(client.conversation.write_request(client.sent, {.host = "a"}).error().what,
            "too many requests wait for their answers");
}

}  // namespace
}  // namespace yam::proto::http
