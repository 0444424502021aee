#include "yam/net/datagram/unreachable.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "yam/net/datagram/datagram_socket.hpp"

namespace yam::net {
namespace {

class UnreachableTest : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    loop_ = std::move(Loop::open().value());
    socket_ = bound();
    gone_ = bound()->local_address();
  }
  std::unique_ptr<DatagramSocket> bound(DatagramOptions options = {}) {
    const IpPort any{IpAddress::loopback(GetParam()), 0};
    return std::move(DatagramSocket::bind(*loop_, SocketAddress::of(any), options).value());
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

TEST_P(UnreachableTest, IsToldToWhoAskedForIt) {
  send_to_nobody();
  EXPECT_FALSE(take_unreachable(socket_->fd()));
  remember_unreachable(socket_->fd(), socket_->local_address().family());
  send_to_nobody();
  const auto told = take_unreachable(socket_->fd());
  ASSERT_TRUE(told);
  EXPECT_EQ(told->error, ECONNREFUSED);
  EXPECT_EQ(told->target.ip(), gone_.ip());
  EXPECT_FALSE(take_unreachable(socket_->fd()));
}

TEST_P(UnreachableTest, FailsTheReceiveOfASocketThatTells) {
  DatagramOptions options;
  options.tell_unreachable = true;
  socket_ = bound(options);
  send_to_nobody();
  send_to_nobody();  // the fault is not its own
  DatagramBatch batch;
  const auto receive = [](DatagramSocket* socket, DatagramBatch* into) -> Task<Result<std::size_t>> {
    co_return co_await socket->receive(*into, after(Clock::now(), std::chrono::seconds(10)));
  };
  for (int i = 0; i < 2; ++i) {
    const auto got = loop_->run(receive(socket_.get(), &batch));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Code::network);
    EXPECT_EQ(got.error().what, "cannot reach " + gone_.to_string() + ": connection refused");
    EXPECT_EQ(socket_->last_unreachable()->ip(), gone_.ip());
  }
  const auto stays = bound();
  gone_ = stays->local_address();
  send_to_nobody();  // somebody
  EXPECT_EQ(loop_->run(receive(stays.get(), &batch)), 1U);
}

INSTANTIATE_TEST_SUITE_P(Families, UnreachableTest, testing::Values(Family::v4, Family::v6),
                         [](const auto& each) { return each.param == Family::v4 ? "v4" : "v6"; });

}  // namespace
}  // namespace yam::net
