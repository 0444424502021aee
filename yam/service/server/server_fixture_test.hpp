#pragma once
// A server on this machine for one test, and plain blocking clients to talk to it. Tests only.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>  // allowed: tests only

#include "yam/net/socket/socket_address.hpp"
#include "yam/service/server/server.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {

// Keeps what the server told, for a test to wait for.
class Diary final : public ServerObserver {
 public:
  void handle_event(const ServerEvent& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    news_.notify_all();
  }
  void handle_request(const HttpRecord&) override {
    const std::lock_guard lock(mutex_);
    ++requests_;
    news_.notify_all();
  }
  // Until so many requests of HTTP have ended, well or not.
  void await_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(news_.wait_for(lock, std::chrono::seconds(20), [&] { return requests_ >= count; }));
  }
  // The first event of that kind; an empty one when it does not come.
  ServerEvent await(ServerEvent::Kind kind) {
    std::unique_lock lock(mutex_);
    const auto found = [&] {
      for (const ServerEvent& each : events_)
        if (each.kind == kind) return &each;
      return static_cast<const ServerEvent*>(nullptr);
    };
    news_.wait_for(lock, std::chrono::seconds(20), [&] { return found() != nullptr; });
    const ServerEvent* event = found();
    EXPECT_NE(event, nullptr) << "no event of kind " << static_cast<int>(kind);
    return event != nullptr ? *event : ServerEvent();
  }
  // Until so many of that kind are there.
  void await_count(ServerEvent::Kind kind, std::size_t count) {
    std::unique_lock lock(mutex_);
    const auto are_there = [&] {
      return static_cast<std::size_t>(std::ranges::count(events_, kind, &ServerEvent::kind)) >= count;
    };
    EXPECT_TRUE(news_.wait_for(lock, std::chrono::seconds(20), are_there));
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<ServerEvent> events_;
  std::size_t requests_ = 0;
};

class Client {
 public:
  Client(const IpPort& place, int type) {
    const auto address = net::SocketAddress::of(place);
    fd_ = net::Fd(::socket(address.family(), type | SOCK_CLOEXEC, 0));
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(::connect(fd_.get(), address.get(), address.size()), 0);
  }

  void say(std::string_view text) { EXPECT_TRUE(try_to_say(text)); }
  bool try_to_say(std::string_view text) {
    return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void finish() { ::shutdown(fd_.get(), SHUT_WR); }
  // Gone without a FIN.
  void vanish() {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    fd_.close();
  }
  // One message, of at most `size` bytes; "" at the end, "(reset)" when there is no proper one.
  std::string hear(std::size_t size = 70'000) {
    std::string text(size, '\0');
    const ssize_t got = ::recv(fd_.get(), text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return got < 0 ? "(reset)" : text;
  }
  // Exactly so many bytes, or what came before the end.
  std::string hear_bytes(std::size_t size) {
    std::string all;
    while (all.size() < size) {
      const std::string part = hear(size - all.size());
      if (part.empty()) break;
      all += part;
    }
    return all;
  }
  // Everything until the end.
  std::string hear_all() {
    std::string all;
    for (std::string part = hear(); !part.empty(); part = hear()) {
      all += part;
      if (part == "(reset)") break;
    }
    return all;
  }
  std::uint16_t port() const { return net::local_address_of(fd_.get()).ip()->port; }
  bool has_something(int milliseconds) {
    pollfd wait{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, milliseconds) == 1;
  }

 private:
  net::Fd fd_;
};

class ServerTest : public testing::Test {
 protected:
  void SetUp() override { home_ = std::move(net::Loop::open().value()); }
  void TearDown() override {
    if (server_) leave();
  }

  // Each URL at 127.0.0.1 and a free port, with files in folder_.
  void serve(const std::vector<std::string>& urls, std::size_t loops = 2) {
    auto started = home_->run(Server::start(*home_, plan(urls), loops, diary_));
    ASSERT_TRUE(started) << started.error().what;
    server_ = std::move(*started);
  }
  ServerPlan plan(const std::vector<std::string>& urls) const {
    ServiceDefaults defaults;
    defaults.root = folder_.path();
    ServerPlan plan;
    plan.limits = limits_;
    plan.tftp = rules_;
    for (const std::string& url : urls)
      plan.services.push_back(parse_service(url, defaults).value());
    return plan;
  }
  std::size_t leave() {
    const std::size_t cut_off = home_->run(server_->leave());
    server_.reset();
    return cut_off;
  }

  IpPort place(std::size_t index = 0) const { return server_->listening().at(index).place; }
  Client call(std::size_t index = 0) const { return Client(place(index), SOCK_STREAM); }
  Client call_udp(std::size_t index = 0) const { return Client(place(index), SOCK_DGRAM); }

  store::TemporaryFolder folder_;
  ServeLimits limits_;
  TftpRules rules_;
  Diary diary_;
  std::unique_ptr<net::Loop> home_;
  std::unique_ptr<Server> server_;
};

}  // namespace yam::service
