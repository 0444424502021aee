// What a write request promises, and what comes.
#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

class TftpUploadTest : public TftpServerTest {
 protected:
  // Of which the server has heard the request, and nothing else.
  TftpClient begin_upload(const std::string& mode, const std::string& size) {
    auto client = call_tftp();
    client.ask("\0\2a\0"s + mode + "\0tsize\0"s + size + '\0');
    EXPECT_EQ(client.hear(), "\0\6tsize\0"s + size + '\0');
    return client;
  }
  // After the ACKs of what came until then.
  static std::string hear_error(TftpClient& client) {
    std::string answer;
    do
      answer = client.hear();
    while (answer.starts_with("\0\4"s));
    return answer;
  }
};

TEST_F(TftpUploadTest, LessThanWasPromisedIsNotKept) {
  serve_files("&write=new");
  auto client = begin_upload("octet", "1000");
  client.say(data(1, "hello"));
  EXPECT_EQ(client.hear(), "\0\5\0\0promised 1000 bytes, but 5 came\0"s);
  EXPECT_TRUE(folder_.names().empty());
  EXPECT_EQ(diary_.await(Kind::not_received).verdict, "promised 1000 bytes, but 5 came");
}

TEST_F(TftpUploadTest, MoreThanWasPromisedEndsIt) {
  serve_files("&write=new");
  auto client = begin_upload("octet", "1000");
  client.say(data(1, std::string(512, 'x')));
  EXPECT_EQ(client.hear(), ack(1));
  client.say(data(2, std::string(512, 'x')));  // not the last one
  EXPECT_EQ(hear_error(client), "\0\5\0\0promised 1000 bytes, but more came\0"s);
  EXPECT_TRUE(folder_.names().empty());
  EXPECT_EQ(diary_.await(Kind::not_received).verdict, "promised 1000 bytes, but more came");
}

// tsize=0 is what some say who do not know, and text has another length here than there.
TEST_F(TftpUploadTest, WhatIsNoPromiseIsNotCompared) {
  serve_files("&write=replace");
  for (const char* mode : {"octet", "netascii"}) {
    auto client = begin_upload(mode, *mode == 'o' ? "0" : "1000");
    client.say(data(1, "hello"));
    EXPECT_EQ(client.hear(), ack(1));
  }
  auto client = begin_upload("octet", "5");
  client.say(data(1, "hello"));
  EXPECT_EQ(client.hear(), ack(1));
  EXPECT_EQ(folder_.content("a"), "hello");
}

TEST_F(TftpUploadTest, ARequestAloneCostsNothingOnTheDiskOrOfTheQuota) {
  rules_.quota_bytes = 1000;
  serve({"tftp://127.0.0.1:0?write=replace&root=" + folder_.path()}, 1);
  std::vector<TftpClient> forged;
  for (int i = 0; i < 3; ++i)
    forged.push_back(begin_upload("octet", "900"));
  EXPECT_TRUE(folder_.names().empty());
  auto client = begin_upload("octet", "900");
  client.say(data(1, std::string(512, 'x')));
  EXPECT_EQ(client.hear(), ack(1));
  forged[0].say(data(1, std::string(512, 'x')));
  EXPECT_EQ(hear_error(forged[0]), "\0\5\0\3the quota has no room for it\0"s);
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a.part"});
  client.say(data(2, std::string(388, 'x')));
  std::string answer;
  do
    answer = client.hear();
  while (answer == ack(1));  // said again while it waits
  EXPECT_EQ(answer, ack(2));
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

TEST_F(TftpUploadTest, AnEmptyFileIsAFile) {
  serve_files("&write=new");
  auto client = call_tftp();
  client.ask("\0\2a\0octet\0"s);
  EXPECT_EQ(client.hear(), ack(0));
  client.say(data(1, ""));
  EXPECT_EQ(client.hear(), ack(1));
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

}  // namespace
}  // namespace yam::service
