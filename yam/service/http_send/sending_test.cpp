#include "yam/service/http_send/sending.hpp"

#include <thread>

#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {

namespace {

// Plain http on this machine; receivers are threads.
class SendingTest : public testing::Test {
 protected:
  void SetUp() override { loop_ = std::move(net::Loop::open().value()); }

  void send(const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    for (const std::string& each : names)
      paths.push_back(folder_.path(each));
    SendPlan plan;
    plan.items = open_send_items(paths, "").value().items;
    plan.bind = IpAddress::loopback(Family::v4);
    plan.tls = false;
    auto opened = Sending::open(*loop_, std::move(plan), diary_,
                                [this](const SendEvent& event) { events_.push_back(event.kind); });
    ASSERT_TRUE(opened) << opened.error().what;
    sending_ = std::move(*opened);
    const std::string& url = sending_->urls().front();  // http://127.0.0.1:4711/SECRET/…
    const std::size_t place = url.find("//") + 2, path = url.find('/', place);
    place_ = IpPort::parse(url.substr(place, path - place)).value();
    base_ = url.substr(path, url.rfind('/') + 1 - path);
  }
  std::string request(const std::string& name, const std::string& fields = "") const {
    return "GET " + base_ + name + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n";
  }
  std::string fetch(const std::string& request) const {
    Client client(place_, SOCK_STREAM);
    client.say(request);
    return client.hear_all();
  }
  // While a receiver does what it does.
  Result<> wait(std::uint64_t receivers, const std::function<void()>& receive) {
    std::thread receiver(receive);
    auto outcome = loop_->run(sending_->wait(receivers, after(Clock::now(), std::chrono::seconds(20))));
    loop_->run(sending_->leave());
    receiver.join();
    return outcome;
  }

  store::TemporaryFolder folder_;
  Diary diary_;
  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<Sending> sending_;
  std::vector<SendEvent::Kind> events_;
  IpPort place_;
  std::string base_;
};

TEST_F(SendingTest, EndsOnceOneHasEverything) {
  folder_.put("a", "hello");
  folder_.make_folder("d");
  folder_.put("d/b", "");
  send({"a", "d"});
  std::string file, part, rest, none;
  const auto outcome = wait(1, [&] {
    none = fetch("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    file = fetch(request("d/b"));
    part = fetch(request("a", "Range: bytes=0-1\r\n"));
    rest = fetch(request("a", "Range: bytes=2-\r\n"));
  });
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_TRUE(none.starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(file.starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(part.ends_with("\r\n\r\nhe") && rest.ends_with("\r\n\r\nllo"));
  using Kind = SendEvent::Kind;
  EXPECT_EQ(events_,
            (std::vector{Kind::began, Kind::file, Kind::item, Kind::began, Kind::item, Kind::everything}));
}

TEST_F(SendingTest, WhoVanishesHasNothing) {
  folder_.put("big", std::string(20'000'000, 'x'));
  send({"big"});
  std::size_t received = 0;
  const auto outcome = wait(1, [&] {
    Client lost(place_, SOCK_STREAM);
    lost.say(request("big"));
    lost.hear(1000);
    lost.vanish();
    received = fetch(request("big")).size();
  });
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(sending_->receivers(), 1U);
  EXPECT_GT(received, 20'000'000U);
  EXPECT_EQ(std::ranges::count(events_, SendEvent::Kind::cut), 1);
}

TEST_F(SendingTest, AFileThatIsReplacedIsSentAnew) {
  folder_.put("a", "first");
  send({"a"});
  std::string second;
  const auto outcome = wait(1, [&] {
    fetch(request("a", "Range: bytes=0-2\r\n"));
    folder_.put("new", "other and longer");
    std::filesystem::rename(folder_.path("new"), folder_.path("a"));
    fetch(request("a", "Range: bytes=3-\r\n"));  // of the new one: no whole with what came before
    second = fetch(request("a"));
  });
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_TRUE(second.ends_with("other and longer"));
  EXPECT_EQ(sending_->receivers(), 1U);
}

TEST_F(SendingTest, TheTimeMayBeOver) {
  folder_.put("a", "");
  send({"a"});
  const auto outcome = loop_->run(sending_->wait(1, loop_->now()));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::timeout);
}

}  // namespace

}  // namespace yam::service
