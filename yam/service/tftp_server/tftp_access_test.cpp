// The rules of a TFTP server at its socket, and what it does with names that mean no good.
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

std::string read_request(const std::string& name) {
  return "\0\1"s + name + "\0octet\0"s;
}
std::string write_request(const std::string& name, const std::string& options = "") {
  return "\0\2"s + name + "\0octet\0"s + options;
}

class TftpAccessTest : public TftpServerTest {
 protected:
  std::string answer_to(const std::string& packet) {
    auto client = call_tftp();
    client.ask(packet);
    return client.hear();
  }
  // Puts a whole file there; the last answer.
  std::string put(const std::string& name, const std::string& content) {
    auto client = call_tftp();
    client.ask(write_request(name));
    if (const std::string first = client.hear(); first != ack(0)) return first;
    client.say(data(1, content));
    return client.hear();
  }
};

TEST_F(TftpAccessTest, WhoIsDeniedIsToldSoAndNothingElse) {
  folder_.put("a", "a");
  rules_.deny = {Cidr::parse("127.0.0.0/8").value()};
  serve_files("&write=new");
  EXPECT_EQ(answer_to(read_request("a")), "\0\5\0\2access denied\0"s);
  EXPECT_EQ(answer_to(write_request("b")), "\0\5\0\2access denied\0"s);
  const ServerEvent event = diary_.await(Kind::refused);
  EXPECT_EQ(event.error.what, "access denied: 127.0.0.0/8 is denied");
  EXPECT_TRUE(event.peer.starts_with("127.0.0.1:")) << event.peer;
  EXPECT_EQ(server_->tftp_counts().refused, 2u);
  EXPECT_EQ(server_->tftp_counts().requests, 0u);
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

TEST_F(TftpAccessTest, NewRulesHoldForNewRequests) {
  folder_.put("a", std::string(600, 'x'));
  const std::vector<std::string> urls{"tftp://127.0.0.1:0?root=" + folder_.path()};
  serve(urls);
  auto running = call_tftp();
  running.ask(read_request("a"));
  EXPECT_EQ(running.hear().size(), 516u);
  const IpPort before = place();
  rules_.allow = {Cidr::parse("10.0.0.0/8").value()};
  EXPECT_TRUE(home_->run(server_->change(plan(urls))));
  EXPECT_EQ(place(), before);
  EXPECT_EQ(answer_to(read_request("a")), "\0\5\0\2access denied\0"s);
  running.say(ack(1));
  EXPECT_EQ(running.hear().size(), 92u);
  running.say(ack(2));
  EXPECT_EQ(diary_.await(Kind::sent).verdict, "whole");
}

TEST_F(TftpAccessTest, EachClientHasItsFolder) {
  folder_.make_folder("127.0.0.1");
  folder_.put("127.0.0.1/a", "mine");
  folder_.put("b", "ours");
  folder_.link("127.0.0.1/b", "../b");
  rules_.folder = "{ip}";
  serve_files("&write=new");
  EXPECT_EQ(answer_to(read_request("/a")), data(1, "mine"));
  EXPECT_EQ(answer_to(read_request("b")).substr(0, 4), "\0\5\0\2"s);  // a link out of it
  EXPECT_EQ(answer_to(read_request("../b")).substr(0, 4), "\0\5\0\2"s);
  EXPECT_EQ(put("c", "new"), ack(1));
  EXPECT_EQ(folder_.content("127.0.0.1/c"), "new");
  const ServerEvent event = diary_.await(Kind::received);
  EXPECT_EQ(event.name, "c");
  EXPECT_EQ(event.file, "127.0.0.1/c");
}

TEST_F(TftpAccessTest, AFolderThatIsMissingIsSaidAndNotMade) {
  serve({"tftp://127.0.0.1:0?write=new&root=" + folder_.path() + "/{ip}"});
  const std::string missing = "\0\5\0\1cannot open folder \"127.0.0.1\": no such file or directory\0"s;
  EXPECT_EQ(answer_to(read_request("a")), missing);
  EXPECT_EQ(answer_to(write_request("a")), missing);
  EXPECT_EQ(diary_.await(Kind::not_sent).verdict,
            R"(cannot open folder "127.0.0.1": no such file or directory)");
  EXPECT_TRUE(folder_.names().empty());
  folder_.make_folder("elsewhere");
  folder_.link("127.0.0.1", "/etc");
  EXPECT_EQ(answer_to(read_request("passwd")).substr(0, 4), "\0\5\0\2"s);
  std::filesystem::remove(folder_.path("127.0.0.1"));
  folder_.make_folder("127.0.0.1");
  folder_.put("127.0.0.1/a", "now");
  EXPECT_EQ(answer_to(read_request("a")), data(1, "now"));
}

TEST_F(TftpAccessTest, NamesBecomeWhatTheRulesSay) {
  folder_.make_folder("boot");
  folder_.put("boot/bcd", "x");
  rules_.backslash = rules_.lower_case = true;
  rules_.rewrites = {TftpRewrite::compile("x64/(.*)", "boot/$1").value()};
  serve_files();
  EXPECT_EQ(answer_to(read_request("\\X64\\BCD")), data(1, "x"));
  EXPECT_EQ(leave(), 0u);
  const ServerEvent event = diary_.await(Kind::not_sent);
  EXPECT_EQ(event.name, "\\X64\\BCD");
  EXPECT_EQ(event.file, "boot/bcd");
}

TEST_F(TftpAccessTest, AClientIsGrantedWhatItCanBear) {
  folder_.put("a", std::string(2000, 'x'));
  TftpClientRule rule;
  rule.clients = {Cidr::parse("127.0.0.0/8").value()};
  rule.block_bytes_max = 512;
  rule.window_max = 1;
  rule.write = WritePolicy::create;
  rules_.clients = {rule};
  serve_files();
  EXPECT_EQ(answer_to("\0\1a\0octet\0blksize\0001428\0windowsize\00016\0"s),
            "\0\6blksize\000512\0windowsize\0001\0"s);
  EXPECT_EQ(put("b", "b"), ack(1));
}

TEST_F(TftpAccessTest, TheQuotaIsOneForAll) {
  folder_.put("old", std::string(1000, 'x'));
  rules_.quota_bytes = 1800;
  serve_files("&write=new");
  const std::string full = "\0\5\0\3the quota has no room for it\0"s;
  EXPECT_EQ(answer_to(write_request("a", "tsize\000801\0"s)), full);
  EXPECT_EQ(put("b", std::string(300, 'b')), ack(1));
  auto client = call_tftp();  // which says no size
  client.ask(write_request("c"));
  EXPECT_EQ(client.hear(), ack(0));
  client.say(data(1, std::string(512, 'c')));
  EXPECT_EQ(client.hear(), ack(1));  // that it came
  EXPECT_EQ(client.hear(), full);
  EXPECT_EQ(put("d", std::string(500, 'd')), ack(1));
  EXPECT_EQ(answer_to(write_request("e")), full);
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"old", "b", "d"}));
}

TEST_F(TftpAccessTest, SaysWhenTheDiskHasNoRoomForSoMuch) {
  limits_.max_bytes = size_bytes_max;
  serve_files("&write=new");
  EXPECT_EQ(answer_to(write_request("a", "tsize\0001000000000000000000\0"s)),
            "\0\5\0\3there is no room for so much\0"s);
  EXPECT_TRUE(folder_.names().empty());
}

TEST_F(TftpAccessTest, WhoTakesTheNameFirstHasItAndNothingElseIsLeft) {
  serve_files("&write=new");
  auto client = call_tftp();
  client.ask(write_request("a"));
  EXPECT_EQ(client.hear(), ack(0));
  client.say(data(1, std::string(512, 'o')));
  EXPECT_EQ(client.hear(), ack(1));
  folder_.put("a", "theirs");
  client.say(data(2, "urs"));
  std::string answer;
  do
    answer = client.hear();
  while (answer == ack(1));  // said again while it waits
  EXPECT_EQ(answer, "\0\5\0\6cannot write \"a\": it already exists\0"s);
  diary_.await(Kind::not_received);
  EXPECT_EQ(folder_.content("a"), "theirs");
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

TEST_F(TftpAccessTest, WhoAsksAgainAfterTheEndIsAnsweredAgain) {
  folder_.put("a", "short");
  serve_files();
  auto client = call_tftp();
  for (int i = 0; i < 5; ++i) {
    client.ask(read_request("a"));
    EXPECT_EQ(client.hear(), data(1, "short"));
    client.say("\0\5\0\0not now\0"s);
    diary_.await_count(Kind::not_sent, static_cast<std::size_t>(i) + 1);
  }
  EXPECT_EQ(server_->tftp_counts().not_sent, 5u);
  EXPECT_EQ(server_->tftp_counts().requests, 5u);
}

TEST_F(TftpAccessTest, ARepeatedWriteRequestIsTheOneThatItWas) {
  serve_files("&write=new");
  auto client = call_tftp();
  for (int i = 0; i < 2; ++i)
    client.ask(write_request("a"));
  EXPECT_EQ(client.hear(), ack(0));
  EXPECT_EQ(client.hear(), ack(0));
  client.say(data(1, "once"));
  EXPECT_EQ(client.hear(), ack(1));
  diary_.await(Kind::received);
  EXPECT_EQ(server_->tftp_counts().requests, 1u);
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

TEST_F(TftpAccessTest, HostileNamesAreRefusedAndNeverOpened) {
  folder_.make_folder("root/sub");
  folder_.put("secret", "secret");
  folder_.put("root/half.part", "half");
  folder_.link("root/out", "../secret");
  folder_.link("root/away", "/etc/passwd");
  folder_.link("root/round", "round");
  folder_.link("root/zero", "/dev/zero");
  folder_.link("root/self", "/proc/self/exe");
  ASSERT_EQ(::mkfifo(folder_.path("root/pipe").c_str(), 0600), 0);
  serve({"tftp://127.0.0.1:0?write=replace&root=" + folder_.path("root")});
  struct Row {
    std::string name;
    std::string code;
  };
  const std::string denied = "\0\5\0\2"s, missing = "\0\5\0\1"s, illegal = "\0\5\0\4"s;
  const Row rows[] = {
      {"..", denied},
      {"../secret", denied},
      {"/../secret", denied},
      {"sub/../../secret", denied},
      {"sub//x", denied},
      {"/etc/passwd", missing},  // the root's, as firmware means it
      {"//etc/passwd", missing},
      {"..\\secret", missing},  // a name like any other, when nobody says that '\' is '/'
      {"half.part", denied},
      {"out", denied},
      {"away", denied},
      {"round", denied},
      {"zero", denied},
      {"self", denied},
      {"pipe", denied},
      {"sub", denied},
      {"sub/", denied},
      {"out/x", denied},
      {"sub/x/y", missing},
      {"a\nb", denied},
      {"\x1b[2J", denied},
      {"\x7f", denied},
      {std::string(513, 'a'), denied},
      {std::string(300, 'a'), denied},
      {"", illegal},
      {std::string(1200, 'a'), illegal},
      {std::string(60'000, 'a'), illegal},
  };
  for (const Row& each : rows)
    EXPECT_EQ(answer_to(read_request(each.name)).substr(0, 4), each.code) << quoted(each.name);
  // Behind a NUL stands the mode.
  EXPECT_EQ(answer_to("\0\1a\0../secret\0octet\0"s).substr(0, 4), illegal);
  for (const char* name : {"../secret", "sub", "pipe", "a\nb", "half.part", "sub/../x"})
    EXPECT_EQ(answer_to(write_request(name)).substr(0, 4), denied) << quoted(name);
  EXPECT_EQ(answer_to(write_request("none/x")).substr(0, 4), missing);
  // A link is what is replaced, not what it points to.
  EXPECT_EQ(put("out", "new"), ack(1));
  EXPECT_EQ(folder_.content("secret"), "secret");
  EXPECT_EQ(folder_.names("root"),
            (std::set<std::string>{"sub", "half.part", "out", "away", "round", "zero", "self", "pipe"}));
}

}  // namespace
}  // namespace yam::service
