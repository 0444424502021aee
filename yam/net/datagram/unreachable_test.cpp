#include "yam/net/datagram/unreachable.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "yam/net/datagram/datagram_socket.hpp"

namespace yam::net {
namespace {

class Unreachable : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    loop_ = std::move(Loop::open().value());
    socket_ = bound();
    gone_ = bound()->local_address();
  }
  std::unique_ptr<DatagramSocket> bound() {
    const IpPort any{IpAddress::loopback(GetParam()), 0};
    return std::move(DatagramSocket::bind(*loop_, SocketAddress::of(any)).value());
  }
  // The answer of loopback is there when the send is through.
  void send_to_nobody() {
    const auto send = [](DatagramSocket* socket, SocketAddress nobody) -> Task<bool> {
      const auto sent = co_await socket->send_to(nobody, bytes_of("hello"));
      co_return sent.has_value();
    };
    EXPECT_TRUE(loop_->run(send(socket_.get(), gone_)));
  }

  std::unique_ptr<Loop> loop_;
  std::unique_ptr<DatagramSocket> socket_;
  SocketAddress gone_;
};

TEST_P(Unreachable, IsToldToWhoAskedForIt) {
  send_to_nobody();
  EXPECT_EQ(take_unreachable(socket_->fd()), std::nullopt);
  remember_unreachable(socket_->fd(), socket_->local_address().family());
  send_to_nobody();
  EXPECT_EQ(take_unreachable(socket_->fd()), ECONNREFUSED);
  EXPECT_EQ(take_unreachable(socket_->fd()), std::nullopt);
}

TEST_P(Unreachable, HarmsNoSendOnceItIsIgnored) {
  remember_unreachable(socket_->fd(), socket_->local_address().family());
  send_to_nobody();
  ignore_unreachable(socket_->fd(), socket_->local_address().family());
  EXPECT_EQ(take_unreachable(socket_->fd()), std::nullopt);
  send_to_nobody();
  send_to_nobody();
}

INSTANTIATE_TEST_SUITE_P(Families, Unreachable, testing::Values(Family::v4, Family::v6),
                         [](const auto& each) { return each.param == Family::v4 ? "v4" : "v6"; });

}  // namespace
}  // namespace yam::net
