#include "yam/service/server/server_fixture_test.hpp"
#include "yam/service/small/service_datagrams.hpp"

namespace yam::service {
namespace {

using Kind = ServerEvent::Kind;

constexpr const char* echo_url = "echo://127.0.0.1:0";
constexpr const char* inbox_url = "inbox://127.0.0.1:0?name=a.txt";
constexpr const char* outbox_url = "outbox://127.0.0.1:0";

TEST_F(ServerTest, EchoesOnTcpAndUdp) {
  serve({echo_url});
  Client stream = call();
  stream.say("exit\n");
  EXPECT_EQ(stream.hear(), "exit\n");
  stream.finish();
  EXPECT_EQ(stream.hear(), "");
  Client datagrams = call_udp();
  for (const std::string& text : {std::string("exit"), std::string(), std::string(65'507, 'x')}) {
    datagrams.say(text);
    EXPECT_EQ(datagrams.hear(), text);
  }
}

TEST_F(ServerTest, EchoKeepsWhatAPeerDoesNotRead) {
  serve({echo_url}, 1);
  Client slow = call();
  const std::string much(8'000'000, 'x');
  std::jthread talking([&] {
    slow.say(much);
    slow.finish();
  });
  Client other = call();  // is served meanwhile
  other.say("quick");
  EXPECT_EQ(other.hear(), "quick");
  EXPECT_EQ(slow.hear_bytes(much.size() + 1), much);
}

TEST_F(ServerTest, DiscardSaysNothingAndDaytimeSaysOneLine) {
  serve({"discard://127.0.0.1:0", "daytime://127.0.0.1:0"});
  Client discarding = call(0);
  discarding.say("gone");
  discarding.finish();
  EXPECT_EQ(discarding.hear_all(), "");
  EXPECT_TRUE(call(1).hear_all().ends_with("\r\n"));
  Client asking = call_udp(1);
  asking.say("");
  EXPECT_TRUE(asking.hear().ends_with("\r\n"));
}

TEST_F(ServerTest, GreetsUntilExit) {
  serve({"greet://127.0.0.1:0"});
  Client client = call();
  EXPECT_EQ(client.hear_bytes(8), "Welcome!");
  client.say("Ada\n王\n");
  EXPECT_EQ(client.hear_bytes(22), "Hello, Ada!Hello, 王!");
  client.say("exit\r\n");
  EXPECT_EQ(client.hear_all(), "");
  Client datagrams = call_udp();
  for (const std::string& text : {std::string("Bob"), std::string(), std::string("exit")}) {
    datagrams.say(text);
    EXPECT_EQ(datagrams.hear(), "Hello, " + text + "!");
  }
  datagrams.say(std::string(65'507, 'x'));  // the greeting would fit into no datagram
  EXPECT_EQ(datagrams.hear(), "That name is too long to greet.");
}

TEST_F(ServerTest, ACutCharacterIsGreetedWholeOrAfterAPause) {
  serve({"greet://127.0.0.1:0"});
  Client client = call();
  EXPECT_EQ(client.hear_bytes(8), "Welcome!");
  client.say("\xe9\xa9");
  EXPECT_EQ(client.hear_bytes(10), "Hello, \xe9\xa9!");
}

TEST_F(ServerTest, TurnsDegreesAndSurvivesWords) {
  serve({"fahrenheit://127.0.0.1:0"});
  Client datagrams = call_udp();
  for (const auto& [text, answer] :
       {std::pair("37", "转换为华氏温度为: 98.6"), std::pair("x", "不是数字: \"x\""),
        std::pair("100", "转换为华氏温度为: 212.0")}) {
    datagrams.say(text);
    EXPECT_EQ(datagrams.hear(), answer);
  }
  Client stream = call();
  stream.say("36.6\n");
  EXPECT_EQ(stream.hear(), "转换为华氏温度为: 97.88");
}

TEST_F(ServerTest, AnUploadIsThereWholeAndThenAnswered) {
  serve({inbox_url});
  for (const std::string name : {"a.txt", "a-2.txt"}) {
    Client client = call();
    client.say("content of " + name);
    client.finish();
    EXPECT_EQ(client.hear_all(), "接收完成");
    EXPECT_EQ(folder_.content(name), "content of " + name);
  }
  Client empty = call();
  empty.finish();
  EXPECT_EQ(empty.hear_all(), "接收完成");
  EXPECT_EQ(folder_.names(), (std::set<std::string>{"a.txt", "a-2.txt", "a-3.txt"}));
}

TEST_F(ServerTest, AVanishedUploadLeavesItsPart) {
  serve({inbox_url});
  Client client = call();
  client.say("half");
  while (!folder_.names().contains("a.txt.part"))
    std::this_thread::yield();
  client.vanish();
  const ServerEvent event = diary_.await(Kind::broken_off);
  EXPECT_EQ(event.name, "a.txt.part");
  EXPECT_TRUE(event.error.what.starts_with("the peer vanished")) << event.error.what;
  EXPECT_EQ(folder_.names(), std::set<std::string>{"a.txt.part"});
}

TEST_F(ServerTest, AnUploadThatIsTooLongGetsAReset) {
  limits_.max_bytes = 4;
  serve({inbox_url});
  Client fits = call();
  fits.say("1234");
  fits.finish();
  EXPECT_EQ(fits.hear_all(), "接收完成");
  Client client = call();
  client.say("12345");
  client.finish();
  EXPECT_EQ(client.hear_all(), "(reset)");
  EXPECT_EQ(diary_.await(Kind::broken_off).error.what, "longer than max-bytes (4)");
}

TEST_F(ServerTest, ADownloadIsTheFileOrNothing) {
  folder_.put("a 文件", "content");
  folder_.put("empty", "");
  folder_.put("x.part", "half");
  folder_.make_folder("deep");
  folder_.put("deep/b", "below");
  serve({outbox_url});
  struct Case {
    std::string says;
    std::string hears;
  };
  const Case cases[] = {
      {"a 文件", "content"},
      {"a 文件\n", "content"},
      {"a 文件\r\n", "content"},
      {"deep/b", "below"},
      {"empty", ""},
      {"none", ""},
      {"../secret", ""},
      {"/etc/passwd", ""},
      {std::string("a 文件\0x", 10), ""},
      {"deep", ""},
      {"x.part", ""},
      {"\n", ""},
      {std::string(5000, 'a'), ""},
  };
  for (const Case& each : cases) {
    Client client = call();
    client.say(each.says);
    client.finish();
    EXPECT_EQ(client.hear_all(), each.hears) << each.says;
  }
  Client waits = call();  // as the course's client does: no FIN before the answer
  waits.say("a ");
  waits.say("文件");
  EXPECT_EQ(waits.hear_all(), "content");
  Client unknown = call();
  unknown.say("nix");
  EXPECT_EQ(unknown.hear_all(), "");
}

TEST_F(ServerTest, LimitsRefuseAndSaySo) {
  limits_.max_connections = 1;
  serve({echo_url}, 1);
  Client first = call();
  first.say("x");
  EXPECT_EQ(first.hear(), "x");
  EXPECT_EQ(call().hear_all(), "(reset)");
  EXPECT_EQ(diary_.await(Kind::refused).error.what, "max-connections (1) reached");
  first.say("y");
  EXPECT_EQ(first.hear(), "y");
}

TEST_F(ServerTest, WhoFallsSilentIsLetGo) {
  limits_.idle = std::chrono::milliseconds(50);
  serve({echo_url, inbox_url, outbox_url, "greet://127.0.0.1:0"});
  EXPECT_EQ(call(0).hear_all(), "");
  EXPECT_EQ(call(2).hear_all(), "");
  EXPECT_EQ(call(3).hear_all(), "Welcome!");
  Client uploading = call(1);
  uploading.say("half");
  EXPECT_EQ(uploading.hear_all(), "(reset)");
  EXPECT_EQ(diary_.await(Kind::broken_off).error.code, Code::timeout);
}

TEST_F(ServerTest, LeavingWaitsForWhatIsInFlight) {
  serve({echo_url, inbox_url});
  Client idle = call(0);
  idle.say("x");
  EXPECT_EQ(idle.hear(), "x");
  Client uploading = call(1);
  uploading.say("first ");
  while (!folder_.names().contains("a.txt.part"))
    std::this_thread::yield();
  std::jthread finishing([&] {
    EXPECT_EQ(idle.hear(), "");  // the server is leaving
    uploading.say("second");
    uploading.finish();
    EXPECT_EQ(uploading.hear_all(), "接收完成");
  });
  EXPECT_EQ(leave(), 0U);
  finishing.join();
  EXPECT_EQ(folder_.content("a.txt"), "first second");
}

TEST_F(ServerTest, ChangesItsPlanWhileItRuns) {
  serve({echo_url, "daytime://127.0.0.1:0"});
  const IpPort echo_place = place(0);
  Client staying = call(0);
  ASSERT_TRUE(home_->run(server_->change(plan({echo_url, "greet://127.0.0.1:0"}))));
  EXPECT_EQ(place(0), echo_place);
  staying.say("still here");
  EXPECT_EQ(staying.hear(), "still here");
  EXPECT_EQ(server_->listening().size(), 2U);
  EXPECT_EQ(call(1).hear_bytes(8), "Welcome!");
  const std::string taken = "discard://" + echo_place.to_string();
  const auto changed = home_->run(server_->change(plan({echo_url, taken})));
  ASSERT_FALSE(changed);
  EXPECT_TRUE(changed.error().what.ends_with("address already in use")) << changed.error().what;
}

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(ServerTest, WhatIsNoLongerInThePlanLeavesNothingOpen) {
  const auto inbox_called = [](int i) { return std::string(inbox_url) + std::to_string(i); };
  serve({echo_url, inbox_called(0)});
  Client staying = call(1);
  staying.say("first ");
  while (!folder_.names().contains("a.txt0.part"))
    std::this_thread::yield();
  ASSERT_TRUE(home_->run(server_->change(plan({echo_url, inbox_called(1)}))));
  const std::size_t before = descriptors();
  constexpr int changes = 20;
  for (int i = 2; i < 2 + changes; ++i)
    ASSERT_TRUE(home_->run(server_->change(plan({echo_url, inbox_called(i)}))));
  EXPECT_EQ(descriptors(), before);
  staying.say("second");
  staying.finish();
  EXPECT_EQ(staying.hear_all(), "接收完成");
  EXPECT_EQ(folder_.content("a.txt0"), "first second");
}

TEST_F(ServerTest, ThePortOfAClosedServiceIsAnyonesAgain) {
  serve({echo_url, "daytime://127.0.0.1:0"});
  const auto closed = net::SocketAddress::of(place(1));
  ASSERT_TRUE(home_->run(server_->change(plan({echo_url}))));
  const net::Fd honest(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(honest.get(), closed.get(), closed.size()), 0);
  const auto echo_place = net::SocketAddress::of(place(0));
  ASSERT_EQ(::sendto(honest.get(), "x", 1, 0, echo_place.get(), echo_place.size()), 1);
  pollfd wait{.fd = honest.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&wait, 1, 20'000), 1);
}

TEST_F(ServerTest, EveryLoopSharesOnePortAndNobodyElseMayHaveIt) {
  serve({echo_url}, 3);
  const std::string again = "echo://" + place().to_string();
  const auto second = home_->run(Server::start(*home_, plan({again}), 3, diary_));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what, "cannot bind " + place().to_string() + ": address already in use");
  for (int i = 0; i < 50; ++i) {
    Client client = call();
    client.say("x");
    EXPECT_EQ(client.hear(), "x");
  }
}

TEST(DatagramRule, AnswersNothingThatASuchServiceMaySend) {
  DatagramRule rule;
  rule.add(40'000);
  struct Case {
    const char* sender;
    bool allowed;
  };
  const Case cases[] = {
      {"127.0.0.1:7", false},    {"127.0.0.1:19", false},   {"[::1]:37", false},   {"127.0.0.1:1023", false},
      {"127.0.0.1:7007", false}, {"192.0.2.1:9999", false}, {"[::1]:7013", false}, {"[::1]:40000", false},
      {"127.0.0.1:1024", true},  {"127.0.0.1:8090", true},  {"[::1]:65535", true}, {"127.0.0.1:7890", true},
  };
  for (const Case& each : cases)
    EXPECT_EQ(rule.allows(net::SocketAddress::of(*IpPort::parse(each.sender))), each.allowed) << each.sender;
}

TEST_F(ServerTest, ADatagramFromAServicePortIsNotAnswered) {
  serve({echo_url, "daytime://127.0.0.1:0"}, 1);
  // Forged: it says that it comes from daytime, as a loop of two services would begin.
  const net::Fd forger(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(forger.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto own = net::SocketAddress::of({IpAddress::v4(127, 0, 0, 2), place(1).port});
  ASSERT_EQ(::bind(forger.get(), own.get(), own.size()), 0);
  const auto echo_place = net::SocketAddress::of(place(0));
  ASSERT_EQ(::sendto(forger.get(), "x", 1, 0, echo_place.get(), echo_place.size()), 1);
  Client honest = call_udp();  // later in the same queue: once it is answered, the forged one was passed over
  honest.say("y");
  EXPECT_EQ(honest.hear(), "y");
  char byte = 0;
  EXPECT_EQ(::recv(forger.get(), &byte, 1, MSG_DONTWAIT), -1);
  const ServerEvent event = diary_.await(Kind::not_answered);
  EXPECT_EQ(event.service, "echo");
  EXPECT_EQ(event.peer, "127.0.0.2:" + std::to_string(place(1).port));
  EXPECT_EQ(event.count, 1U);
}

}  // namespace
}  // namespace yam::service
