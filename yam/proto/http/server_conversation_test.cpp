#include "yam/proto/http/server_conversation.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

// A server that answers each request with its target, or as its path says, and what both sides saw.
class Server {
 public:
  std::string events, sent;
  ServerConversation conversation;

  // The client's bytes, `step` at a time; each step sees a fresh copy, so that no view outlives its bytes.
  Server& receive(std::string_view bytes, std::size_t step) {
    for (std::size_t given = 0; given < bytes.size();) {
      const std::size_t take = std::min(step, bytes.size() - given);
      unread_ += bytes.substr(given, take);
      given += take;
      while (advance()) {
      }
    }
    return *this;
  }
  Server& end() {
    const auto ended = conversation.handle_end();
    events += ended ? "end-of-input" : "<" + std::string(ended.error().words) + ">";
    return *this;
  }

 private:
  bool advance() {
    const std::vector<char> copy(unread_.begin(), unread_.end());
    const auto step = conversation.handle_bytes(bytes_of({copy.data(), copy.size()}));
    if (!step) {
      events += "<" + std::to_string(step.error().status) + " " + std::string(step.error().words) + ">";
      EXPECT_TRUE(conversation.refuse_with(sent, step.error()));
      return false;
    }
    switch (step->what) {
      case What::head:
        path_ = conversation.request().target.path;
        if (path_.empty()) path_ = "/";
        method_ = conversation.request().method;
        events += "(" + std::string(conversation.request().method) + " " + path_ + ")";
        if (path_ == "/early") answer();
        if (path_ == "/go") conversation.write_continue(sent);
        break;
      case What::content:
        events += text_of(step->content);
        break;
      case What::end:
        events += ".";
        if (path_ != "/early" && path_ != "/silent") answer();
        break;
      case What::tunnel:
        if (!events.ends_with("tunnel")) events += "tunnel";
        return false;
      case What::waiting:
      case What::closed:
        return false;
      case What::more:
        unread_.erase(0, step->used);
        return step->used > 0;
      case What::informational:
        ADD_FAILURE();
    }
    unread_.erase(0, step->used);
    return true;
  }

  void answer() {
    Answer answer;
    answer.close = path_ == "/close";
    answer.content_bytes = path_.size();
    if (path_ == "/unknown") answer.content_bytes.reset();
    if (path_ == "/none") answer = {.status = 204};
    if (path_ == "/same") answer = {.status = 304};
    if (method_ == "CONNECT") answer = {};
    if (path_ == "/upgrade") answer = {.status = 101, .upgrade = "websocket"};
    ASSERT_TRUE(conversation.write_answer(sent, answer)) << path_;
    if (conversation.sends_content()) {
      ASSERT_TRUE(conversation.frame_content(sent, path_.size()));
      sent += path_;
    }
    ASSERT_TRUE(conversation.finish_answer(sent));
  }

  std::string unread_, method_, path_;
};

struct Case {
  std::string received, events, sent;
};

void expect(const Case& row) {
  for (const std::size_t step : {row.received.size() + 1, std::size_t{1}, std::size_t{5}}) {
    Server server;
    server.receive(row.received, step);
    EXPECT_EQ(server.events, row.events) << row.received << " by " << step;
    EXPECT_EQ(server.sent, row.sent) << row.received << " by " << step;
  }
}

std::string ask(const std::string& line, const std::string& fields = "", const std::string& body = "") {
  return line + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

const std::string ok_a = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/a";

TEST(ServerConversation, AnswersInOrder) {
  expect({ask("GET /a"), "(GET /a).", ok_a});
  expect({ask("GET /a") + "\r\n" + ask("GET /a") + ask("GET /a"), "(GET /a).(GET /a).(GET /a).",
          ok_a + ok_a + ok_a});
  expect(
      {ask("PUT /a", "Content-Length: 3\r\n", "xyz") + ask("GET /a"), "(PUT /a)xyz.(GET /a).", ok_a + ok_a});
}

TEST(ServerConversation, FramesTheAnswerAsTheRequestAllows) {
  expect({ask("GET /unknown"), "(GET /unknown).",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n/unknown\r\n0\r\n\r\n"});
  expect({"GET /unknown HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "(GET /unknown).",
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n/unknown"});
  expect({ask("HEAD /a") + ask("GET /a"), "(HEAD /a).(GET /a).",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + ok_a});
  expect({ask("HEAD /unknown"), "(HEAD /unknown).", "HTTP/1.1 200 OK\r\n\r\n"});
  expect({ask("GET /none") + ask("GET /same"), "(GET /none).(GET /same).",
          "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n"});
}

TEST(ServerConversation, StaysOrCloses) {  // RFC 9112 §9.3
  const std::string closing = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n/a";
  const std::string staying = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n/a";
  const std::string next = ask("GET /a");
  expect({ask("GET /a", "Connection: close\r\n") + next, "(GET /a).", closing});
  expect({ask("GET /a", "Connection: x\r\nConnection: keep-alive, Close\r\n") + next, "(GET /a).", closing});
  expect({"GET /a HTTP/1.0\r\n\r\n" + next, "(GET /a).", closing});
  expect({"GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" + next, "(GET /a).(GET /a).", staying + ok_a});
  expect({ask("GET /close") + next, "(GET /close).",
          "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n/close"});
  Server server;
  server.receive(ask("GET /close") + "anything \0 goes", 999);
  EXPECT_FALSE(server.conversation.keeps_open());
}

TEST(ServerConversation, ARefusalIsTheLastAnswer) {
  const auto refused = [](const std::string& status, const std::string& words) {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(words.size() + 1) +
           "\r\nConnection: close\r\n\r\n" + words + "\n";
  };
  const std::string both = "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n";
  expect({ask("GET /a") + ask("POST /a", both, "0\r\n\r\n") + ask("GET /a"),
          "(GET /a).<400 both Content-Length and Transfer-Encoding>",
          ok_a + refused("400 Bad Request", "both Content-Length and Transfer-Encoding")});
  expect({ask("GET /a", "Expect: tea\r\n") + ask("GET /a"), "<417 an expectation that is not known>",
          refused("417 Expectation Failed", "an expectation that is not known")});
  expect({ask("PUT /a", "Transfer-Encoding: chunked\r\n", "1\r\nx\r\n-1\r\n") + ask("GET /a"),
          "(PUT /a)x<400 a chunk without a size>", refused("400 Bad Request", "a chunk without a size")});
  // The refused request's method is not the one before.
  expect({ask("HEAD /a") + "GET / HTTP/2.0\r\n", "(HEAD /a).<505 an HTTP version that is not 1>",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" +
              refused("505 HTTP Version Not Supported", "an HTTP version that is not 1")});
  // Behind a head that is out, only the cut can tell.
  expect({ask("PUT /early", "Transfer-Encoding: chunked\r\n", "x") + ask("GET /a"),
          "(PUT /early)<400 a chunk without a size>", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n/early"});
}

TEST(ServerConversation, ARefusalTakesTheCallersFields) {
  ServerConversation conversation;
  std::string sent;
  const Field date[] = {{"Date", "today"}}, split[] = {{"X\r\nY", "z"}};
  ASSERT_FALSE(conversation.handle_bytes(bytes_of("\n")));
  EXPECT_FALSE(conversation.refuse_with(sent, {408, "late"}, split));
  EXPECT_EQ(sent, "");
  EXPECT_TRUE(conversation.refuse_with(sent, {408, "late"}, date));
  EXPECT_EQ(sent,
            "HTTP/1.1 408 Request Timeout\r\nDate: today\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "Connection: close\r\n\r\nlate\n");
}

TEST(ServerConversation, AContinueIsSentWhereItIsAwaited) {  // RFC 9110 §10.1.1
  const std::string expects = "Expect: 100-Continue\r\nContent-Length: 3\r\n";
  const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string ok_go = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n/go";
  for (const std::size_t step : {1U, 99U, 999U}) {
    Server server;
    server.receive(ask("PUT /go", expects), step);
    EXPECT_EQ(server.sent, go_on);
    EXPECT_FALSE(server.conversation.wants_continue());
    server.receive("xyz" + ask("GET /a"), step);
    EXPECT_EQ(server.sent, go_on + ok_go + ok_a);
  }
  Server impatient;  // nothing is sent once the body has begun
  impatient.receive(ask("PUT /a", expects), 999);
  EXPECT_TRUE(impatient.conversation.wants_continue());
  impatient.receive("x", 1);
  EXPECT_FALSE(impatient.conversation.wants_continue());
  impatient.conversation.write_continue(impatient.sent);
  impatient.receive("yz", 1);
  EXPECT_EQ(impatient.sent, ok_a);
  Server refusing;  // whether the body follows is not known: the answer closes
  refusing.receive(ask("PUT /early", expects) + ask("GET /a"), 999);
  EXPECT_EQ(refusing.events, "(PUT /early)");
  EXPECT_EQ(refusing.sent, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n/early");
  Server old;
  old.receive("PUT /go HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", 999);
  EXPECT_EQ(old.sent, "");
}

TEST(ServerConversation, AnEarlyAnswerLeavesTheBodyToBeRead) {
  expect({ask("PUT /early", "Content-Length: 3\r\n", "xyz") + ask("GET /a"), "(PUT /early)xyz.(GET /a).",
          "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n/early" + ok_a});
}

TEST(ServerConversation, PipelinedRequestsWaitForTheAnswer) {
  Server server;
  server.receive(ask("GET /silent") + ask("GET /a"), 1);
  EXPECT_EQ(server.events, "(GET /silent).");
  EXPECT_EQ(server.conversation.handle_bytes(bytes_of("GET"))->what, What::waiting);
}

TEST(ServerConversation, BecomesATunnel) {
  const std::string offer = "Connection: upgrade\r\nUpgrade: websocket\r\n";
  expect({ask("GET /upgrade", offer, "\x81\x01z"), "(GET /upgrade).tunnel",
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"});
  Server server;
  server.receive("CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\nany bytes", 999);
  EXPECT_EQ(server.events, "(CONNECT /).tunnel");
  EXPECT_EQ(server.sent, "HTTP/1.1 200 OK\r\n\r\n");
}

TEST(ServerConversation, AnEndCutsOrDoesNot) {
  const struct {
    std::string received, said;
  } cases[] = {
      {"", "end-of-input"},
      {"\r\n", "end-of-input"},
      {"G", "<a request that is cut off>"},
      {ask("GET /a"), "(GET /a).end-of-input"},
      {ask("PUT /a", "Content-Length: 3\r\n", "x"), "(PUT /a)x<a request that is cut off>"},
      {ask("PUT /a", "Transfer-Encoding: chunked\r\n", "0\r\n"), "(PUT /a)<a request that is cut off>"},
  };
  for (const auto& [received, said] : cases)
    EXPECT_EQ(Server().receive(received, 1).end().events, said) << received;
}

TEST(ServerConversation, AnAnswerThatMakesNoSenseIsNotWritten) {
  const Field length[] = {{"content-length", "3"}}, split[] = {{"X\r\nY", "3"}};
  const struct {
    Answer answer;
    std::string words;
  } cases[] = {
      {{.status = 100}, "an answer has a final status"},
      {{.status = 101}, "101 goes with the name of a protocol"},
      {{.status = 200, .upgrade = "x"}, "101 goes with the name of a protocol"},
      {{.status = 101, .upgrade = "x"}, "an upgrade that the client did not offer"},
      {{.status = 204, .content_bytes = 3}, "a status that has no content"},
      {{.status = 200, .fields = length}, "the conversation itself writes content-length"},
      {{.status = 200, .fields = split}, "a field name cannot be \"X\\r\\nY\""},
  };
  Server server;
  EXPECT_EQ(server.conversation.write_answer(server.sent, {}).error().what, "there is no request to answer");
  server.receive(ask("GET /silent"), 999);
  for (const auto& [answer, words] : cases) {
    const auto written = server.conversation.write_answer(server.sent, answer);
    EXPECT_EQ(written ? "" : written.error().what, words);
  }
  EXPECT_EQ(server.sent, "");
  EXPECT_EQ(server.conversation.finish_answer(server.sent).error().what, "there is no answer to finish");
  ASSERT_TRUE(
      server.conversation.write_answer(server.sent, {.status = 426, .content_bytes = 0, .upgrade = "x"}));
  EXPECT_EQ(
      server.sent,
      "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
  EXPECT_EQ(server.conversation.write_answer(server.sent, {}).error().what,
            "the request is answered already");
}

}  // namespace
}  // namespace yam::proto::http
