// Uploads by tus 1.0.0: created, cut, gone on with, proved, joined and taken back.

#include <cstdlib>

#include <gtest/gtest.h>

#include "yam/base/base64.hpp"
#include "yam/service/server/server_fixture_test.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {
namespace {

const std::string octets = "Content-Type: application/offset+octet-stream\r\n";

class TusTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    folder_.put("old.txt", "old");
    folder_.make_folder("d");
    ::setenv("XDG_STATE_HOME", state_.path().c_str(), 1);
    ::unsetenv("YAM_TOKEN");
    serve({"http://127.0.0.1:0?write=new"});
  }

  std::string ask(const std::string& line, const std::string& fields, const std::string& content = "") {
    Client client = call();
    client.say(line + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n" + fields +
               (content.empty() ? "" : "Content-Length: " + std::to_string(content.size()) + "\r\n") +
               "\r\n" + content);
    client.finish();
    return client.hear_all();
  }
  static std::string status_of(const std::string& answer) {
    return answer.substr(std::min<std::size_t>(9, answer.size()), 3);
  }
  static std::string value_of(const std::string& answer, const std::string& field) {
    const auto at = answer.find("\r\n" + field + ": ");
    if (at == std::string::npos) return "none";
    const auto begin = at + field.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
  }
  static std::string named(const std::string& name) {
    return "Upload-Metadata: filename " + base64(bytes_of(name)) + "\r\n";
  }
  // Its path.
  std::string create(const std::string& fields, const std::string& content = "") {
    const std::string answer = ask("POST /", fields, content);
    EXPECT_EQ(status_of(answer), "201") << answer;
    return value_of(answer, "Location");
  }
  std::string patch(const std::string& path, std::size_t offset, const std::string& content,
                    const std::string& fields = "") {
    return ask("PATCH " + path, octets + "Upload-Offset: " + std::to_string(offset) + "\r\n" + fields,
               content);
  }
  std::string offset(const std::string& path) { return value_of(ask("HEAD " + path, ""), "Upload-Offset"); }

  store::TemporaryFolder state_;
};

TEST_F(TusTest, TellsWhatItGrants) {
  const std::string answer = ask("OPTIONS /", "");
  EXPECT_EQ(status_of(answer), "204");
  EXPECT_EQ(value_of(answer, "Tus-Version"), "1.0.0");
  EXPECT_EQ(
      value_of(answer, "Tus-Extension"),
      "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration,concatenation");
  EXPECT_EQ(value_of(answer, "Tus-Checksum-Algorithm"), "sha1,sha256,md5");
  EXPECT_NE(value_of(answer, "Tus-Max-Size"), "none");
}

TEST_F(TusTest, AFileComesInPiecesAndAppearsWhole) {
  const std::string path = create("Upload-Length: 11\r\n" + named("d/新/a b.txt"));
  EXPECT_TRUE(path.starts_with("/.yam/uploads/")) << path;
  EXPECT_EQ(offset(path), "0");
  const std::string first = patch(path, 0, "hello ");
  EXPECT_EQ(status_of(first), "204") << first;
  EXPECT_EQ(value_of(first, "Upload-Offset"), "6");
  EXPECT_NE(value_of(first, "Upload-Expires"), "none");
  const std::string head = ask("HEAD " + path, "");
  EXPECT_EQ(value_of(head, "Upload-Length"), "11");
  EXPECT_EQ(value_of(head, "Cache-Control"), "no-store");
  EXPECT_EQ(value_of(head, "Upload-Metadata"), "filename " + base64(bytes_of("d/新/a b.txt")));
  EXPECT_EQ(status_of(ask("GET /d/%E6%96%B0/a%20b.txt", "")), "404");
  EXPECT_EQ(status_of(ask("GET " + path, "")), "409");

  const std::string last = patch(path, 6, "world");
  EXPECT_EQ(status_of(last), "204") << last;
  EXPECT_EQ(value_of(last, "Content-Location"), "/d/%E6%96%B0/a%20b.txt");
  EXPECT_EQ(folder_.content("d/新/a b.txt"), "hello world");
  EXPECT_EQ(folder_.names("d/新"), std::set<std::string>{"a b.txt"});
  EXPECT_EQ(offset(path), "11");
  EXPECT_TRUE(ask("GET " + path, "")
                  .ends_with("{\"name\":\"d/新/a b.txt\",\"size\":11,\"sha256\":"
                             "\"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9\"}\n"));
  EXPECT_EQ(status_of(patch(path, 11, "")), "204");
  EXPECT_EQ(status_of(patch(path, 11, "!")), "413");
  EXPECT_EQ(status_of(ask("DELETE " + path, "")), "204");
  EXPECT_EQ(folder_.content("d/新/a b.txt"), "hello world");
}

TEST_F(TusTest, WhatCameBeforeACutCounts) {
  const std::string path = create("Upload-Length: 10\r\n" + named("a.txt"));
  {
    Client client = call();
    client.say("PATCH " + path + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n" + octets +
               "Upload-Offset: 0\r\nContent-Length: 10\r\n\r\nabcd");
    client.finish();
    static_cast<void>(client.hear_all());
  }
  EXPECT_EQ(offset(path), "4");
  EXPECT_EQ(status_of(patch(path, 4, "efghij")), "204");
  EXPECT_EQ(folder_.content("a.txt"), "abcdefghij");
}

TEST_F(TusTest, WhatIsWholeAfterAKillGetsItsName) {
  const std::string path = create("Upload-Length: 3\r\n" + named("a.txt"));
  const std::string id = path.substr(path.rfind('/') + 1);
  folder_.put("a.txt." + id + ".part", "abc");  // all of it came, and nothing more happened
  const std::string head = ask("HEAD " + path, "");
  EXPECT_EQ(value_of(head, "Upload-Offset"), "3");
  EXPECT_EQ(value_of(head, "Content-Location"), "/a.txt");
  EXPECT_EQ(folder_.content("a.txt"), "abc");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "old.txt", "d", ".yam.part"}));
}

TEST_F(TusTest, ContentMayComeWithTheCreation) {
  const std::string whole = ask("POST /d/", "Upload-Length: 5\r\n" + octets + named("a.txt"), "whole");
  EXPECT_EQ(value_of(whole, "Upload-Offset"), "5");
  EXPECT_EQ(value_of(whole, "Content-Location"), "/d/a.txt");
  EXPECT_EQ(folder_.content("d/a.txt"), "whole");
  const std::string empty = ask("POST /", "Upload-Length: 0\r\n" + named("empty"));
  EXPECT_EQ(status_of(empty), "201");
  EXPECT_EQ(folder_.content("empty"), "");
  EXPECT_TRUE(folder_.names().contains("empty"));
  const std::string later = create("Upload-Defer-Length: 1\r\n" + octets + named("later"), "ab");
  EXPECT_EQ(value_of(ask("HEAD " + later, ""), "Upload-Defer-Length"), "1");
  EXPECT_EQ(status_of(patch(later, 2, "c", "Upload-Length: 3\r\n")), "204");
  EXPECT_EQ(folder_.content("later"), "abc");
}

TEST_F(TusTest, OnlyWhatItsChecksumProvesIsKept) {
  const auto sum = [](std::string_view bytes) {
    return "Upload-Checksum: sha1 " + base64(store::digest_of(store::DigestKind::sha1, bytes_of(bytes))) +
           "\r\n";
  };
  const std::string path = create("Upload-Length: 6\r\n" + named("a.txt"));
  EXPECT_EQ(status_of(patch(path, 0, "abc", sum("abc"))), "204");
  EXPECT_EQ(status_of(patch(path, 3, "xyz", sum("def"))), "460");
  EXPECT_EQ(offset(path), "3");
  EXPECT_EQ(status_of(patch(path, 3, "def", "Upload-Checksum: crc32 AAAAAA==\r\n")), "400");
  EXPECT_EQ(status_of(patch(path, 3, "def", sum("def"))), "204");
  EXPECT_EQ(folder_.content("a.txt"), "abcdef");
}

TEST_F(TusTest, TheQuotaCountsWhatIsNotFinished) {
  leave();
  serve({"http://127.0.0.1:0?write=new&quota=103"});  // of which 3 bytes are there
  EXPECT_EQ(status_of(ask("POST /", "Upload-Length: 101\r\n" + named("a"))), "507");
  const std::string path = create("Upload-Length: 100\r\n" + named("b"));
  EXPECT_EQ(status_of(patch(path, 0, std::string(60, 'x'))), "204");
  EXPECT_EQ(status_of(ask("POST /", "Upload-Length: 41\r\n" + named("c"))), "507");
  const std::string open_end = create("Upload-Defer-Length: 1\r\n" + named("d/open"));
  EXPECT_EQ(status_of(patch(open_end, 0, std::string(41, 'x'))), "507");
  EXPECT_EQ(status_of(patch(path, 60, std::string(40, 'x'))), "204");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{".yam.part", "b", "d", "old.txt"}));
}

TEST_F(TusTest, AConnectionThatHasDiedUnnoticedLetsGo) {
  const std::string path = create("Upload-Length: 100\r\n" + named("a"));
  Client silent = call();
  silent.say("PATCH " + path + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n" + octets +
             "Upload-Offset: 0\r\nContent-Length: 100\r\n\r\n" + std::string(10, 'x'));
  while (offset(path) != "10") {
  }
  const std::string rest(90, 'y');
  std::string answer = patch(path, 10, rest);
  EXPECT_EQ(status_of(answer), "423");  // that is not long ago
  while (status_of(answer) == "423")
    answer = patch(path, 10, rest);
  EXPECT_EQ(status_of(answer), "204") << answer;
  EXPECT_EQ(folder_.content("a"), std::string(10, 'x') + rest);
  silent.hear_all();
}

TEST_F(TusTest, AFileCountsOnce) {
  leave();
  serve({"http://127.0.0.1:0?write=new&quota-files=3"});  // of which 1 is there
  const std::string path = create("Upload-Length: 3\r\n" + named("a"));
  create("Upload-Length: 0\r\n" + named("empty"));
  EXPECT_EQ(status_of(ask("POST /", "Upload-Length: 0\r\n" + named("third"))), "507");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(status_of(patch(path, 0, "")), "204");
  EXPECT_EQ(status_of(patch(path, 0, "abc")), "204");
}

TEST_F(TusTest, MayAskForAFreeName) {
  leave();
  serve({"http://127.0.0.1:0?write=replace"});
  const std::string free = "If-None-Match: *\r\n";
  EXPECT_EQ(status_of(ask("POST /", free + "Upload-Length: 1\r\n" + named("old.txt"))), "412");
  const std::string path = create(free + "Upload-Length: 1\r\n" + named("new.txt"));
  folder_.put("new.txt", "first");
  EXPECT_EQ(status_of(patch(path, 0, "x")), "409");
  EXPECT_EQ(folder_.content("new.txt"), "first");
}

TEST_F(TusTest, APartIsUsedOnce) {
  const std::string part = create("Upload-Length: 3\r\nUpload-Concat: partial\r\n");
  EXPECT_EQ(status_of(patch(part, 0, "abc")), "204");
  const std::string twice = "Upload-Concat: final;" + part + " " + part + "\r\n" + named("whole");
  EXPECT_EQ(status_of(ask("POST /", twice)), "400");
}

TEST_F(TusTest, PartsBecomeOneFile) {
  const std::string one = create("Upload-Length: 3\r\nUpload-Concat: partial\r\n" + octets, "abc");
  const std::string other = create("Upload-Length: 4\r\nUpload-Concat: partial\r\n");
  const std::string joined =
      "Upload-Concat: final;" + one + " http://localhost" + other + "\r\n" + named("j.txt");
  EXPECT_EQ(status_of(ask("POST /", joined)), "409");  // a part is not complete
  EXPECT_EQ(status_of(patch(other, 0, "defg")), "204");
  EXPECT_EQ(value_of(ask("HEAD " + other, ""), "Upload-Concat"), "partial");
  const std::string final = ask("POST /", joined);
  EXPECT_EQ(status_of(final), "201") << final;
  EXPECT_EQ(folder_.content("j.txt"), "abcdefg");
  const std::string path = value_of(final, "Location");
  EXPECT_EQ(value_of(ask("HEAD " + path, ""), "Upload-Length"), "7");
  EXPECT_EQ(status_of(patch(path, 7, "")), "403");
  EXPECT_EQ(status_of(ask("HEAD " + one, "")), "404");
  EXPECT_EQ(status_of(ask("POST /", "Upload-Concat: final;/etc/passwd\r\n" + named("x"))), "404");
}

TEST_F(TusTest, RefusesWhatItCannotTake) {
  const std::string path = create("Upload-Length: 3\r\n" + named("a.txt"));
  EXPECT_EQ(status_of(patch(path, 1, "x")), "409");
  EXPECT_EQ(status_of(patch(path, 0, "abcd")), "413");
  EXPECT_EQ(status_of(ask("PATCH " + path, "Upload-Offset: 0\r\n", "abc")), "415");
  EXPECT_EQ(status_of(ask("PATCH " + path, octets, "abc")), "400");
  EXPECT_EQ(status_of(patch("/.yam/uploads/0123456789abcdef0123456789abcdef", 0, "x")), "404");
  EXPECT_EQ(status_of(patch("/.yam/uploads/../../etc/passwd", 0, "x")), "404");
  EXPECT_EQ(status_of(ask("PUT " + path, "", "x")), "405");
  EXPECT_EQ(status_of(ask("POST /", named("a"))), "400");
  for (const char* name : {"../a", "/etc/a", "a//b", "a\nb", "x.part", ".yam.part/x", ""})
    EXPECT_NE(status_of(ask("POST /", "Upload-Length: 3\r\n" + named(name))), "201") << name;
  EXPECT_EQ(status_of(ask("POST /", "Upload-Length: 3\r\n" + named("old.txt"))), "409");
  EXPECT_EQ(status_of(ask("POST /none/", "Upload-Length: 3\r\n" + named("a"))), "404");
  EXPECT_EQ(status_of(ask("POST /", "Upload-Length: 99999999999999\r\n" + named("a"))), "413");
  EXPECT_EQ(folder_.content("old.txt"), "old");

  Client client = call();
  client.say("PATCH " + path + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 0.2.0\r\n\r\n");
  client.finish();
  const std::string old = client.hear_all();
  EXPECT_EQ(status_of(old), "412");
  EXPECT_EQ(value_of(old, "Tus-Version"), "1.0.0");

  EXPECT_EQ(status_of(ask("POST " + path, "X-HTTP-Method-Override: DELETE\r\n")), "204");
  EXPECT_EQ(status_of(ask("HEAD " + path, "")), "404");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"old.txt", "d", ".yam.part"}));
}

TEST_F(TusTest, OneConnectionHasAnUpload) {
  const std::string path = create("Upload-Length: 3\r\n" + named("a.txt"));
  Client slow = call();
  slow.say("PATCH " + path + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n" + octets +
           "Upload-Offset: 0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(slow.hear().starts_with("HTTP/1.1 100"));
  EXPECT_EQ(status_of(patch(path, 0, "abc")), "423");
  EXPECT_EQ(status_of(ask("DELETE " + path, "")), "423");
  slow.say("xyz");
  EXPECT_EQ(status_of(slow.hear()), "204");
  EXPECT_EQ(folder_.content("a.txt"), "xyz");
}

}  // namespace
}  // namespace yam::service
