#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>

#include "yam/service/tftp_server/tftp_fixture_test.hpp"

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

TEST_F(TftpServerTest, GivesAFileAndTellsOfIt) {
  folder_.put("a", "hello");
  serve_files();
  auto client = call_tftp();
  client.ask("\0\1/a\0octet\0blksize\0001000\0tsize\0000\0"s);
  EXPECT_EQ(client.hear(), "\0\6blksize\0001000\0tsize\0005\0"s);
  client.say(ack(0));
  EXPECT_EQ(client.hear(), data(1, "hello"));
  client.say(ack(1));
  const ServerEvent event = diary_.await(Kind::sent);
  EXPECT_EQ(event.name, "/a");
  EXPECT_EQ(event.bytes, 5u);
  EXPECT_EQ(event.asked, "blksize=1000 tsize=0");
  EXPECT_EQ(event.granted, "blksize=1000 tsize=5");
  EXPECT_EQ(event.verdict, "whole");
  EXPECT_TRUE(event.round_trip);
}

TEST_F(TftpServerTest, ARepeatedRequestIsAnsweredByTheSameTransfer) {
  folder_.put("a", std::string(600, 'x'));
  serve_files();
  auto client = call_tftp();
  const std::string request = "\0\1a\0octet\0"s;
  for (int i = 0; i < 3; ++i)
    client.ask(request);
  const std::string first = data(1, std::string(512, 'x'));
  EXPECT_EQ(client.hear(), first);
  const std::uint16_t port = client.port();
  EXPECT_EQ(client.hear(), first);
  EXPECT_EQ(client.hear(), first);
  EXPECT_EQ(client.port(), port);
  EXPECT_EQ(server_->connections(), 1u);
  client.say(ack(1));
  EXPECT_EQ(client.hear(), data(2, std::string(88, 'x')));
  client.say(ack(2));
  EXPECT_EQ(diary_.await(Kind::sent).verdict,
            "whole, but the client asked 3 times: replies to it are lost or late");
}

TEST_F(TftpServerTest, AnotherRequestFromThereIsAnotherTransfer) {
  folder_.put("a", "a");
  folder_.put("b", "b");
  serve_files();
  auto client = call_tftp();
  client.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(client.hear(), data(1, "a"));
  client.ask("\0\1b\0octet\0"s);
  EXPECT_EQ(client.hear(), data(1, "b"));
  EXPECT_EQ(diary_.await(Kind::not_sent).verdict, "the client began anew");
}

TEST_F(TftpServerTest, TransfersOfOneFileShareItAndANewOneIsANewOne) {
  folder_.put("a", std::string(600, 'x'));
  serve({"tftp://127.0.0.1:0?root=" + folder_.path()}, 1);
  auto first = call_tftp(), second = call_tftp(), third = call_tftp();
  for (TftpClient* each : {&first, &second}) {
    each->ask("\0\1a\0octet\0"s);
    EXPECT_EQ(each->hear().size(), 516u);
  }
  std::size_t open_files = 0;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    open_files += std::filesystem::read_symlink(each, gone) == folder_.path("a");
  }
  EXPECT_EQ(open_files, 1u);
  folder_.put("b", std::string(600, 'y'));
  std::filesystem::rename(folder_.path("b"), folder_.path("a"));
  third.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(third.hear(), data(1, std::string(512, 'y')));
  first.say(ack(1));
  EXPECT_EQ(first.hear(), data(2, std::string(88, 'x')));
  first.say(ack(2));
  EXPECT_EQ(diary_.await(Kind::sent).verdict, "whole");
}

TEST_F(TftpServerTest, WhoIsOneTooManyIsToldSo) {
  folder_.put("a", std::string(600, 'x'));
  limits_.max_per_address = 1;
  serve_files();
  auto first = call_tftp(), second = call_tftp();
  first.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(first.hear().size(), 516u);
  second.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(second.hear(), "\0\5\0\0busy, ask again later: max-per-address (1) reached for this address\0"s);
}

// The descriptor of this process that is bound there.
int descriptor_at(const IpPort& place) {
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(each.path().filename().string());
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) == 0 && bound.sin_family == AF_INET &&
        ntohs(bound.sin_port) == place.port)
      return fd;
  }
  return -1;
}

TEST_F(TftpServerTest, ListensAgainWhenASystemThatCouldNotReceiveCan) {
  folder_.put("a", "hello");
  serve({"tftp://127.0.0.1:0?root=" + folder_.path()}, 1);
  const int listening = descriptor_at(place());
  const net::Fd kept(::dup(listening)), no_socket(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ASSERT_GE(::dup2(no_socket.get(), listening), 0);
  auto client = call_tftp();
  client.ask("\0\1a\0octet\0"s);
  EXPECT_TRUE(diary_.await(Kind::fault).error.what.starts_with("cannot receive at 127.0.0.1:"));
  ASSERT_GE(::dup2(kept.get(), listening), 0);
  EXPECT_EQ(client.hear(), data(1, "hello"));
}

TEST_F(TftpServerTest, AClientIsToldWhenTheServerStops) {
  folder_.put("a", std::string(600, 'x'));
  serve_files("&write=replace");
  auto client = call_tftp();
  client.ask("\0\2a\0octet\0"s);
  EXPECT_EQ(client.hear(), ack(0));
  client.say(data(1, std::string(512, 'y')));
  EXPECT_EQ(client.hear(), ack(1));
  auto unanswered = call_tftp();
  unanswered.ask("\0\1a\0octet\0"s);
  EXPECT_EQ(unanswered.hear().size(), 516u);
  EXPECT_EQ(leave(), 1u);
  EXPECT_EQ(unanswered.hear(), "\0\5\0\0the server stops\0"s);
  std::string last;
  do
    last = client.hear();
  while (last == ack(1));  // for what did not come in time
  EXPECT_EQ(last, "\0\5\0\0the server stops\0"s);
  EXPECT_EQ(diary_.await(Kind::not_received).verdict, "the server stopped");
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

TEST_F(TftpServerTest, AnUploadIsAcknowledgedWhenItIsSafe) {
  serve_files("&write=new");
  auto client = call_tftp();
  client.ask("\0\2a\0netascii\0tsize\0007\0windowsize\0009\0"s);
  EXPECT_EQ(client.hear(), "\0\6windowsize\0009\0tsize\0007\0"s);
  client.say(data(1, "a\r\nb\r\0c"s));
  EXPECT_EQ(client.hear(), ack(1));
  EXPECT_EQ(folder_.content("a"), "a\nb\rc");
  const ServerEvent event = diary_.await(Kind::received);
  EXPECT_EQ(event.name, "a");
  client.say(data(1, "a\r\nb\r\0c"s));  // our ACK was lost
  EXPECT_EQ(client.hear(), ack(1));
  client.ask("\0\2a\0octet\0"s);
  EXPECT_EQ(client.hear().substr(0, 4), "\0\5\0\6"s);
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a"});
}

}  // namespace
}  // namespace yam::service
