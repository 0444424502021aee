// What peers may put into a served folder, change there and take away, and who may.

#include <cstdlib>

#include <gtest/gtest.h>

#include "yam/service/http_write/http_access.hpp"
#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {
namespace {

constexpr const char* token = "a-token-for-tests";

class HttpWritingTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    folder_.put("a.txt", "old");
    folder_.make_folder("d");
    folder_.put("d/b.txt", "inner");
    // No test may make a token in the state folder of whoever runs it.
    ::setenv("XDG_STATE_HOME", state_.path().c_str(), 1);
    ::unsetenv("YAM_TOKEN");
  }

  void serve_with(const std::string& write, const std::string& more = "") {
    serve({"http://127.0.0.1:0?write=" + write + more});
  }
  std::string ask(const std::string& line, const std::string& fields = "", const std::string& content = "") {
    Client client = call();
    client.say(line + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
               (content.empty() ? "" : "Content-Length: " + std::to_string(content.size()) + "\r\n") +
               "\r\n" + content);
    client.finish();
    return client.hear_all();
  }
  std::string status_of(const std::string& line, const std::string& fields = "",
                        const std::string& content = "") {
    const std::string answer = ask(line, fields, content);
    return answer.substr(0, answer.find("\r\n")).substr(std::min<std::size_t>(9, answer.size()));
  }

  store::TemporaryFolder state_;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(HttpWritingTest, TakesNothingUnlessTold) {
  serve({"http://127.0.0.1:0"});
  for (const char* line : {"PUT /new", "POST /", "MKCOL /e", "MOVE /a.txt", "DELETE /a.txt"}) {
    const std::string answer = ask(line);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405 ")) << answer;
    EXPECT_TRUE(contains(answer, "Allow: GET, HEAD, OPTIONS\r\n")) << answer;
  }
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "d"}));
}

TEST_F(HttpWritingTest, APutFileIsThereWithAReceipt) {
  serve_with("new");
  const std::string answer = ask("PUT /d/%E6%96%B0.txt", "", "hello\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 201 Created\r\n")) << answer;
  EXPECT_TRUE(contains(answer, "Location: /d/%E6%96%B0.txt\r\n")) << answer;
  EXPECT_TRUE(contains(answer, "ETag: \"")) << answer;
  EXPECT_TRUE(contains(answer, R"({"name":"d/新.txt","size":6,"sha256":")"
                               R"(5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"})"))
      << answer;
  EXPECT_EQ(folder_.content("d/新.txt"), "hello\n");
  EXPECT_EQ(ask("GET /d/%E6%96%B0.txt").substr(9, 3), "200");
}

TEST_F(HttpWritingTest, TheThreePoliciesDoWhatTheySay) {
  serve({"http://127.0.0.1:0?write=new", "http://127.0.0.1:0?write=replace",
         "http://127.0.0.1:0?write=number"});
  const auto put = [this](std::size_t service) {
    Client client = call(service);
    client.say("PUT /a.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nnew");
    client.finish();
    return client.hear_all();
  };
  EXPECT_TRUE(put(0).starts_with("HTTP/1.1 409 "));
  EXPECT_EQ(folder_.content("a.txt"), "old");
  const std::string numbered = put(2);
  EXPECT_TRUE(numbered.starts_with("HTTP/1.1 201 ")) << numbered;
  EXPECT_TRUE(contains(numbered, "Location: /a-2.txt\r\n")) << numbered;
  EXPECT_EQ(folder_.content("a.txt"), "old");
  EXPECT_EQ(folder_.content("a-2.txt"), "new");
  EXPECT_TRUE(put(1).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(folder_.content("a.txt"), "new");
}

TEST_F(HttpWritingTest, ConditionsProtectWhatIsThere) {
  serve_with("replace");
  EXPECT_EQ(status_of("PUT /a.txt", "If-None-Match: *\r\n", "x"), "412 Precondition Failed");
  EXPECT_EQ(status_of("PUT /a.txt", "If-Match: \"other\"\r\n", "x"), "412 Precondition Failed");
  EXPECT_EQ(status_of("PUT /e.txt", "If-Match: *\r\n", "x"), "412 Precondition Failed");
  EXPECT_EQ(folder_.content("a.txt"), "old");
  EXPECT_EQ(status_of("PUT /e.txt", "If-None-Match: *\r\n", "x"), "201 Created");
}

TEST_F(HttpWritingTest, RefusesWhatCannotBeAFile) {
  limits_.max_bytes = 100;
  serve_with("replace");
  EXPECT_EQ(status_of("PUT /d/", "", "x"), "405 Method Not Allowed");
  EXPECT_EQ(status_of("PUT /d", "", "x"), "403 Forbidden");
  EXPECT_EQ(status_of("PUT /none/x", "", "x"), "409 Conflict");
  EXPECT_EQ(status_of("PUT /../x", "", "x"), "400 Bad Request");
  EXPECT_EQ(status_of("PUT /x%0Ay", "", "x"), "400 Bad Request");
  EXPECT_EQ(status_of("PUT /.yam/x", "", "x"), "404 Not Found");
  EXPECT_EQ(status_of("PUT /x.part", "", "x"), "403 Forbidden");
  EXPECT_EQ(status_of("PUT /x", "Content-Range: bytes 0-0/9\r\n", "x"), "400 Bad Request");
  EXPECT_EQ(status_of("PUT /x", "", std::string(101, 'x')), "413 Content Too Large");
  EXPECT_EQ(status_of("PUT /x", "Transfer-Encoding: chunked\r\n"), "400 Bad Request");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "d"}));
}

TEST_F(HttpWritingTest, AnUploadThatIsCutLeavesNothing) {
  serve_with("new");
  EXPECT_EQ(status_of("PUT /x", "Content-Length: 9\r\n"), "400 Bad Request");
  {
    Client client = call();
    client.say("PUT /y HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc");
    client.vanish();
  }
  diary_.await_requests(2);
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "d"}));
}

TEST_F(HttpWritingTest, OfTwoWhoReplaceOneVersionOneWins) {
  serve_with("replace");
  const std::string answer = ask("GET /a.txt");
  const std::size_t at = answer.find("ETag: ") + 6;
  const std::string fields = "If-Match: " + answer.substr(at, answer.find("\r\n", at) - at) + "\r\n";
  Client slow = call();
  slow.say("PUT /a.txt HTTP/1.1\r\nHost: localhost\r\n" + fields + "Content-Length: 4\r\n\r\nslo");
  EXPECT_EQ(status_of("PUT /a.txt", fields, "fast"), "200 OK");
  slow.say("w");
  slow.finish();
  EXPECT_TRUE(slow.hear_all().starts_with("HTTP/1.1 412 "));
  EXPECT_EQ(folder_.content("a.txt"), "fast");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "d"}));
}

TEST_F(HttpWritingTest, WhatIsNotAsExpectedStaysWhereItIs) {
  serve_with("replace");
  for (const char* line : {"DELETE /a.txt", "MOVE /a.txt", "PUT /a.txt"}) {
    EXPECT_TRUE(status_of(line, "Destination: /b.txt\r\nIf-Match: \"other\"\r\n").starts_with("412 "))
        << line;
    EXPECT_TRUE(status_of(line, "Destination: /b.txt\r\nIf-None-Match: *\r\n").starts_with("412 ")) << line;
  }
  EXPECT_EQ(folder_.content("a.txt"), "old");
  EXPECT_EQ(status_of("PUT /a.txt", "If-None-Match: \"other\"\r\n", "new"), "200 OK");
  EXPECT_TRUE(status_of("PUT /c.txt", "Content-Encoding: gzip\r\n", "new").starts_with("415 "));
  EXPECT_EQ(status_of("DELETE /a.txt", "If-Match: *\r\n"), "204 No Content");
}

TEST_F(HttpWritingTest, WhoCallsByAProxyIsNotOfThisMachine) {
  serve_with("new");
  for (const char* field :
       {"Via: 1.1 a\r\n", "X-Forwarded-For: 192.0.2.1\r\n", "Forwarded: for=192.0.2.1\r\n"})
    EXPECT_TRUE(status_of("PUT /x", field, "x").starts_with("401 ")) << field;
}

TEST_F(HttpWritingTest, RoomThatIsMadeIsThere) {
  serve_with("replace", "&quota=1000");
  EXPECT_EQ(status_of("PUT /x", "", std::string(900, 'x')), "201 Created");
  EXPECT_EQ(status_of("DELETE /x"), "204 No Content");
  std::string status;  // as soon as the folder may be counted again
  do
    status = status_of("PUT /x", "", std::string(900, 'x'));
  while (status.starts_with("507 "));
  EXPECT_EQ(status, "201 Created");
}

TEST_F(HttpWritingTest, TheQuotaOfTheFolderHolds) {
  serve_with("new", "&quota=1000&quota-files=4");  // of which 8 bytes and 2 files are there
  EXPECT_TRUE(status_of("PUT /large", "", std::string(993, 'x')).starts_with("507 "));
  EXPECT_TRUE(status_of("PUT /fits", "", std::string(500, 'x')).starts_with("201 "));
  EXPECT_TRUE(status_of("PUT /more", "", std::string(493, 'x')).starts_with("507 "));
  // One that does not say how much comes is stopped on its way.
  EXPECT_TRUE(status_of("PUT /chunks",
                        "Transfer-Encoding: chunked\r\n\r\n1f4\r\n" + std::string(500, 'x') + "\r\n0\r\n")
                  .starts_with("507 "));
  EXPECT_TRUE(status_of("PUT /last", "", "x").starts_with("201 "));
  EXPECT_TRUE(status_of("PUT /fifth", "", "x").starts_with("507 "));
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "d", "fits", "last"}));
}

TEST_F(HttpWritingTest, AnUploadThatComesTooSlowlyLeavesNothing) {
  limits_.idle = std::chrono::seconds(1);
  serve_with("new");
  Client client = call();
  client.say("PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_TRUE(client.hear_all().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "d"}));
}

TEST_F(HttpWritingTest, AWaitingClientIsToldToGoOnOrNot) {
  limits_.max_bytes = 10;
  serve_with("new");
  Client client = call();
  client.say("PUT /x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.hear_bytes(25), "HTTP/1.1 100 Continue\r\n\r\n");
  client.say("abc");
  EXPECT_TRUE(client.hear().starts_with("HTTP/1.1 201 "));
  client.say("PUT /y HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 30\r\n\r\n");
  EXPECT_TRUE(client.hear_all().starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpWritingTest, AFormBringsSeveralFiles) {
  serve_with("number");
  const std::string form =
      "--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhi\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../a.txt\"\r\n\r\none\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"c.txt\"\r\n\r\n\r\n"
      "--x--\r\n";
  const std::string answer = ask("POST /d/", "Content-Type: multipart/form-data; boundary=x\r\n", form);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 201 ")) << answer;
  EXPECT_TRUE(contains(answer, R"({"files":[{"name":"d/a.txt","size":3,)")) << answer;
  EXPECT_EQ(folder_.content("d/a.txt"), "one");
  EXPECT_EQ(folder_.content("d/c.txt"), "");
  EXPECT_EQ(
      status_of("POST /d/", "Content-Type: multipart/form-data; boundary=x\r\nAccept: text/html\r\n", form),
      "303 See Other");
  EXPECT_EQ(status_of("POST /d/", "Content-Type: text/plain\r\n", form), "415 Unsupported Media Type");
  EXPECT_EQ(status_of("POST /d/", "Content-Type: multipart/form-data; boundary=x\r\n", form.substr(0, 150)),
            "400 Bad Request");
  EXPECT_EQ(status_of("POST /none/", "Content-Type: multipart/form-data; boundary=x\r\n", form),
            "404 Not Found");
  // Of the form that was cut the first file had come whole.
  EXPECT_EQ(folder_.names("d"),
            (std::set<std::string>{"a.txt", "a-2.txt", "a-3.txt", "b.txt", "c.txt", "c-2.txt"}));
}

TEST_F(HttpWritingTest, MakesMovesAndRemoves) {
  serve_with("replace");
  EXPECT_EQ(status_of("MKCOL /e/"), "201 Created");
  EXPECT_EQ(status_of("MKCOL /e"), "405 Method Not Allowed");
  EXPECT_EQ(status_of("MKCOL /none/e"), "409 Conflict");
  EXPECT_EQ(status_of("MKCOL /f", "", "<xml>"), "415 Unsupported Media Type");
  EXPECT_EQ(status_of("MOVE /a.txt", "Destination: /e/c.txt\r\n"), "201 Created");
  EXPECT_EQ(status_of("MOVE /e/c.txt", "Destination: /d/b.txt\r\nOverwrite: F\r\n"),
            "412 Precondition Failed");
  EXPECT_EQ(status_of("MOVE /e/c.txt", "Destination: http://localhost/d/b.txt\r\n"), "204 No Content");
  EXPECT_EQ(folder_.content("d/b.txt"), "old");
  EXPECT_EQ(status_of("MOVE /d/b.txt", "Destination: http://elsewhere/x\r\n"), "400 Bad Request");
  EXPECT_EQ(status_of("MOVE /d/b.txt", "Destination: /../x\r\n"), "400 Bad Request");
  EXPECT_EQ(status_of("MOVE /d/b.txt"), "400 Bad Request");
  EXPECT_EQ(status_of("DELETE /d"), "403 Forbidden");
  EXPECT_EQ(status_of("DELETE /d/"), "204 No Content");
  EXPECT_EQ(status_of("DELETE /d/"), "404 Not Found");
  EXPECT_EQ(status_of("DELETE /"), "403 Forbidden");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"e"}));
}

TEST_F(HttpWritingTest, WhatMayOnlyBeAddedStays) {
  serve_with("new");
  EXPECT_EQ(status_of("DELETE /a.txt"), "405 Method Not Allowed");
  EXPECT_EQ(status_of("MOVE /a.txt", "Destination: /x\r\n"), "405 Method Not Allowed");
  EXPECT_EQ(status_of("MKCOL /e"), "201 Created");
  EXPECT_TRUE(contains(ask("OPTIONS /"), "Allow: GET, HEAD, OPTIONS, PUT, POST, MKCOL\r\n"));
}

TEST_F(HttpWritingTest, ATokenOpensTheDoor) {
  ::setenv("YAM_TOKEN", token, 1);
  serve_with("new");
  const std::string refused = ask("PUT /x", "", "1");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 401 ")) << refused;
  EXPECT_TRUE(contains(refused, "WWW-Authenticate: Basic realm=\"yam\"")) << refused;
  const std::string options = ask("OPTIONS /");
  EXPECT_TRUE(contains(options, "Allow: GET, HEAD, OPTIONS\r\nWWW-Authenticate: Bearer\r\n")) << options;
  EXPECT_EQ(status_of("PUT /x", "Authorization: Bearer another-token\r\n", "1"), "401 Unauthorized");
  EXPECT_EQ(status_of("PUT /x", std::string("Authorization: Bearer ") + token + "\r\n", "1"), "201 Created");
  // base64 of "anybody:a-token-for-tests"
  EXPECT_EQ(status_of("PUT /y", "Authorization: Basic YW55Ym9keTphLXRva2VuLWZvci10ZXN0cw==\r\n", "1"),
            "201 Created");
  EXPECT_EQ(status_of("GET /a.txt"), "200 OK");
}

TEST_F(HttpWritingTest, ABrowserLogsInOnceAndKeepsACookie) {
  ::setenv("YAM_TOKEN", token, 1);
  serve_with("new");
  EXPECT_TRUE(contains(ask("GET /.yam/login?next=%2Fd%2F"), R"(name="next" value="/d/")"));
  EXPECT_TRUE(contains(ask("GET /.yam/login?next=%2F%2Felsewhere"), R"(name="next" value="/")"));
  EXPECT_EQ(status_of("POST /.yam/login", "", "token=wrong-token"), "403 Forbidden");
  const std::string welcome = ask("POST /.yam/login", "", std::string("next=/d/&token=") + token);
  EXPECT_TRUE(welcome.starts_with("HTTP/1.1 303 ")) << welcome;
  EXPECT_TRUE(contains(welcome, "Location: /d/\r\n")) << welcome;
  const std::size_t at = welcome.find("Set-Cookie: ") + 12;
  const std::string cookie = welcome.substr(at, welcome.find(';', at) - at);
  EXPECT_FALSE(contains(cookie, token));
  EXPECT_EQ(status_of("PUT /x", "Cookie: other=1; " + cookie + "\r\n", "1"), "201 Created");
  EXPECT_EQ(status_of("PUT /y", "Cookie: yam=0\r\n", "1"), "401 Unauthorized");
}

TEST_F(HttpWritingTest, APageOfAnotherSiteMayNotWrite) {
  serve_with("new");
  EXPECT_EQ(status_of("PUT /x", "Origin: http://evil.example\r\n", "1"), "403 Forbidden");
  EXPECT_EQ(status_of("PUT /x", "Origin: null\r\n", "1"), "403 Forbidden");
  EXPECT_EQ(status_of("PUT http://rebound.example/x", "", "1"), "403 Forbidden");
  EXPECT_EQ(status_of("PUT /x", "Origin: http://localhost\r\n", "1"), "201 Created");
}

TEST_F(HttpWritingTest, WhatAStrangerPutHereHasNoOrigin) {
  folder_.put("x.html", "<script>fetch('/a.txt', {method: 'DELETE'})</script>");
  folder_.put("x.svg", "<svg/>");
  serve({"http://127.0.0.1:0?write=new", "http://127.0.0.1:0"});
  EXPECT_TRUE(contains(ask("GET /x.html"), "Content-Security-Policy: sandbox allow-scripts\r\n"));
  EXPECT_TRUE(contains(ask("GET /x.svg"), "Content-Security-Policy: sandbox allow-scripts\r\n"));
  EXPECT_FALSE(contains(ask("GET /a.txt"), "Content-Security-Policy"));
  Client client = call(1);
  client.say("GET /x.html HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.finish();
  EXPECT_FALSE(contains(client.hear_all(), "Content-Security-Policy"));
}

TEST_F(HttpWritingTest, AnOwnTokenIsMadeOnceForNobodyElsesEyes) {
  const auto first = own_token();
  const auto second = own_token();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(first->size(), 32U);
}

}  // namespace
}  // namespace yam::service
