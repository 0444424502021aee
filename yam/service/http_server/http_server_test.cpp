// An HTTP service on this machine, with plain sockets as its clients: what a peer may say, and what it gets.

#include <thread>

#include <gtest/gtest.h>

#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {
namespace {

class HttpServerTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    folder_.put("a.txt", "hello\n");
    folder_.make_folder("d");
    folder_.put("d/b.txt", "inner");
  }

  // All that comes for `text` until the server ends the connection.
  std::string answer_to(const std::string& text) {
    Client client = call();
    client.say(text);
    client.finish();
    return client.hear_all();
  }
  // The status of the answer to one request with these further lines, each with its CRLF.
  std::string status_of(const std::string& line, const std::string& fields = "") {
    const std::string answer = answer_to(line + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    return answer.substr(0, answer.find("\r\n"));
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(HttpServerTest, GivesOutAFile) {
  serve({"http://127.0.0.1:0"});
  const std::string answer = answer_to("GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhello\n")) << answer;
  for (const char* field : {"Content-Type: text/plain", "Content-Length: 6", "ETag: \"", "Last-Modified: ",
                            "Date: ", "Accept-Ranges: bytes", "X-Content-Type-Options: nosniff"})
    EXPECT_TRUE(has(answer, std::string("\r\n") + field)) << field << " in " << answer;
}

TEST_F(HttpServerTest, AnswersInTurnWhatIsSentAhead) {
  serve({"http://127.0.0.1:0"});
  const std::string answer = answer_to(
      "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
      "HEAD /a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
      "PUT /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      "GET /d/b.txt HTTP/1.1\r\nHost: a\r\n\r\n");
  std::vector<std::string> statuses;
  for (std::size_t at = answer.find("HTTP/1.1 "); at != std::string::npos;
       at = answer.find("HTTP/1.1 ", at + 1))
    statuses.push_back(answer.substr(at + 9, 3));
  EXPECT_EQ(statuses, (std::vector<std::string>{"200", "200", "405", "200"})) << answer;
  EXPECT_TRUE(answer.ends_with("inner")) << answer;
}

TEST_F(HttpServerTest, KeepsAConnectionUntilTheClientIsThrough) {
  serve({"http://127.0.0.1:0"});
  Client client = call();
  for (int i = 0; i < 3; ++i) {
    client.say("GET /d/b.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    std::string answer = client.hear();
    EXPECT_TRUE(answer.ends_with("\r\n\r\ninner")) << answer;
  }
  client.say("GET /d/b.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(has(client.hear_all(), "Connection: close"));
}

TEST_F(HttpServerTest, SaysWhatThereIsAndWhatNot) {
  serve({"http://127.0.0.1:0"});
  struct Case {
    const char* line;
    const char* status;
  };
  for (const Case& each : {
           Case{"GET /a.txt", "HTTP/1.1 200 OK"},
           {"GET http://b/a.txt", "HTTP/1.1 200 OK"},
           {"GET /%61.txt", "HTTP/1.1 200 OK"},
           {"GET /d", "HTTP/1.1 301 Moved Permanently"},
           {"GET /d/", "HTTP/1.1 200 OK"},
           {"GET /nothing", "HTTP/1.1 404 Not Found"},
           {"GET /nothing/", "HTTP/1.1 404 Not Found"},
           {"GET /a.txt/", "HTTP/1.1 404 Not Found"},
           {"GET /a.txt/b", "HTTP/1.1 404 Not Found"},
           {"GET /../a.txt", "HTTP/1.1 400 Bad Request"},
           {"GET /d/%2e%2e/a.txt", "HTTP/1.1 400 Bad Request"},
           {"GET //a.txt", "HTTP/1.1 400 Bad Request"},
           {"GET /a%00", "HTTP/1.1 400 Bad Request"},
           {"POST /a.txt", "HTTP/1.1 405 Method Not Allowed"},
           {"OPTIONS *", "HTTP/1.1 204 No Content"},
           {"GET /?format=bmp", "HTTP/1.1 400 Bad Request"},
       })
    EXPECT_EQ(status_of(each.line), each.status) << each.line;
}

TEST_F(HttpServerTest, NeverFollowsALinkOutOfTheFolder) {
  folder_.link("out", "/etc/hostname");
  folder_.link("up", "../..");
  serve({"http://127.0.0.1:0"});
  EXPECT_EQ(status_of("GET /out"), "HTTP/1.1 403 Forbidden");
  EXPECT_EQ(status_of("GET /up/etc/hostname"), "HTTP/1.1 403 Forbidden");
}

TEST_F(HttpServerTest, SendsRangesAsTheyAreAsked) {
  serve({"http://127.0.0.1:0"});
  const auto get = [this](const std::string& fields) {
    return answer_to("GET /a.txt HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  };
  std::string answer = get("Range: bytes=1-3\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 206 ")) << answer;
  EXPECT_TRUE(has(answer, "Content-Range: bytes 1-3/6\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nell")) << answer;
  answer = get("Range: bytes=9-\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 416 ")) << answer;
  EXPECT_TRUE(has(answer, "Content-Range: bytes */6\r\n")) << answer;
  answer = get("Range: bytes=0-0,3-4\r\n");
  EXPECT_TRUE(has(answer, "Content-Type: multipart/byteranges; boundary=")) << answer;
  EXPECT_TRUE(has(answer, "Content-Range: bytes 0-0/6\r\n\r\nh\r\n")) << answer;
  EXPECT_TRUE(has(answer, "Content-Range: bytes 3-4/6\r\n\r\nlo\r\n")) << answer;
  answer = get("Range: bytes=1-3\r\nIf-Range: \"another\"\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
}

TEST_F(HttpServerTest, TellsAClientThatItHasTheFile) {
  serve({"http://127.0.0.1:0"});
  std::string answer = answer_to("GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::size_t at = answer.find("ETag: ") + 6;
  const std::string tag = answer.substr(at, answer.find("\r\n", at) - at);
  EXPECT_EQ(status_of("GET /a.txt", "If-None-Match: " + tag + "\r\n"), "HTTP/1.1 304 Not Modified");
  EXPECT_EQ(status_of("GET /a.txt", "If-Match: \"other\"\r\n"), "HTTP/1.1 412 Precondition Failed");
  folder_.put("a.txt", "hello!");
  EXPECT_EQ(status_of("GET /a.txt", "If-None-Match: " + tag + "\r\n"), "HTTP/1.1 200 OK");
}

TEST_F(HttpServerTest, RefusesWhatCouldBeReadInTwoWays) {
  serve({"http://127.0.0.1:0"});
  for (const char* head :
       {"GET /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /a.txt HTTP/1.1\r\n\r\n", "GET /a.txt HTTP/1.1\nHost: a\n\n",
        "GET /a.txt HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "GET /a.txt HTTP/1.1\r\nHost : a\r\n\r\n"}) {
    const std::string answer = answer_to(std::string(head) + "GET /d/b.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << head << answer;
    EXPECT_FALSE(has(answer, "inner")) << head;
  }
  const std::string long_head =
      "GET /a.txt HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n";
  EXPECT_TRUE(answer_to(long_head).starts_with("HTTP/1.1 431 "));
  EXPECT_TRUE(answer_to("GET /a.txt HTTP/1.1\r\nHos").starts_with("HTTP/1.1 400 "));
}

TEST_F(HttpServerTest, SendsALargeFileWholeAndSeveralAtOnce) {
  std::string large(5'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i)
    large[i] = static_cast<char>(i * 7 + i / 1000);
  folder_.put("large", large);
  serve({"http://127.0.0.1:0"});
  std::vector<Client> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(call());
    clients.back().say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    clients.back().finish();
  }
  for (Client& client : clients)
    EXPECT_TRUE(client.hear_all().ends_with("\r\n\r\n" + large));
}

TEST_F(HttpServerTest, BreaksOffAFileThatBecomesShorter) {
  folder_.put("shrinks", std::string(40'000'000, 'x'));
  serve({"http://127.0.0.1:0"});
  Client client = call();
  client.say("GET /shrinks HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.hear(1000).starts_with("HTTP/1.1 200 "));
  folder_.put("shrinks", "x");
  // No proper end: nobody can take it for the whole.
  EXPECT_TRUE(client.hear_all().ends_with("(reset)"));
}

TEST_F(HttpServerTest, ListsAFolderInThreeForms) {
  folder_.put("<b>&.txt", "1");
  folder_.put("文 件.txt", "12");
  serve({"http://127.0.0.1:0"});
  const auto get = [this](const std::string& target, const std::string& fields = "") {
    return answer_to("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  };
  const std::string page = get("/");
  EXPECT_TRUE(has(page, "Content-Type: text/html")) << page;
  EXPECT_TRUE(has(page, R"(<a href="./%E6%96%87%20%E4%BB%B6.txt"><bdi>文 件.txt</bdi></a>)")) << page;
  EXPECT_TRUE(has(page, "<bdi>&lt;b&gt;&amp;.txt</bdi>")) << page;
  EXPECT_TRUE(has(page, "Content-Security-Policy: default-src 'none'")) << page;
  const std::string json = get("/", "Accept: application/json\r\n");
  EXPECT_TRUE(has(json, "Content-Type: application/json")) << json;
  EXPECT_TRUE(has(json, R"({ "name":"d", "type":"directory", "mtime":")")) << json;
  EXPECT_TRUE(has(json, R"({ "name":"a.txt", "type":"file", "mtime":")")) << json;
  const std::string text = get("/", "User-Agent: curl/8\r\nAccept: */*\r\n");
  EXPECT_TRUE(has(text, "d/\n")) << text;
  EXPECT_TRUE(has(text, "a.txt\n")) << text;
  EXPECT_TRUE(has(get("/d/?format=text"), "b.txt\n"));
}

TEST_F(HttpServerTest, GivesTheIndexOfAFolderThatHasOne) {
  folder_.put("d/index.html", "<p>welcome");
  serve({"http://127.0.0.1:0"});
  EXPECT_TRUE(answer_to("GET /d/ HTTP/1.1\r\nHost: a\r\n\r\n").ends_with("<p>welcome"));
  EXPECT_TRUE(has(answer_to("GET /d/?format=text HTTP/1.1\r\nHost: a\r\n\r\n"), "b.txt\n"));
}

TEST_F(HttpServerTest, ClosesAConnectionThatAsksNothing) {
  limits_.idle = std::chrono::milliseconds(100);
  serve({"http://127.0.0.1:0"});
  EXPECT_EQ(call().hear_all(), "");
}

TEST_F(HttpServerTest, TellsWhoIsTooSlowAndEnds) {
  limits_.idle = std::chrono::seconds(1);
  serve({"http://127.0.0.1:0"});
  Client slow_head = call();
  slow_head.say("GET /a.txt HTTP/1.1\r\nHo");
  EXPECT_TRUE(slow_head.hear_all().starts_with("HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, ADownloadThatIsOnItsWayEndsWholeWhenTheServerLeaves) {
  const std::string large(8'000'000, 'x');
  folder_.put("large", large);
  serve({"http://127.0.0.1:0"});
  Client client = call();
  client.say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string answer = client.hear(1000);
  std::thread reader([&] { answer += client.hear_all(); });
  EXPECT_EQ(leave(), 0U);
  reader.join();
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + large));
}

TEST_F(HttpServerTest, LeavesIdleConnectionsAtOnce) {
  serve({"http://127.0.0.1:0"});
  Client client = call();
  client.say("GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.hear().ends_with("hello\n"));
  EXPECT_EQ(leave(), 0U);
}

}  // namespace
}  // namespace yam::service
