#include "yam/net/connection.hpp"

#include <filesystem>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace yam::net {
namespace {

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() { std::filesystem::create_directory(folder_); }
  ~ConnectionTest() override { std::filesystem::remove_all(folder_); }

  Result<std::unique_ptr<Acceptor>> listen(const std::string& text) {
    AcceptorOptions options;
    return loop_->run(Acceptor::open(*loop_, Endpoint::parse(text, Side::listening).value(), options));
  }
  Result<Connection> call_to(const std::string& text) {
    CallOptions options;
    return loop_->run(call(*loop_, children_, Endpoint::parse(text, Side::calling).value(), options));
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  Children children_{*loop_};
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("yam_connection_" + std::to_string(::getpid()));
};

TEST_F(ConnectionTest, AUnixSocketGetsTheModeThatIsAsked) {
  for (const std::string scheme : {"unix:", "unixgram:"}) {
    SCOPED_TRACE(scheme);
    const auto acceptor = listen(scheme + path("socket") + "?mode=620");
    struct stat status{};
    ASSERT_EQ(::stat(path("socket").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0620U);
  }
}

TEST_F(ConnectionTest, ACalledDatagramSocketIsBoundWhereItIsAsked) {
  const auto acceptor = listen("unixgram:" + path("server")).value();
  {
    const auto called = call_to("unixgram:" + path("server") + "?bind=" + path("caller")).value();
    EXPECT_EQ(called.local, "unix:" + path("caller"));
    const ByteView word = bytes_of("x");
    ASSERT_TRUE(called.stream->try_write({&word, 1}).has_value());
    const auto accepted = loop_->run(acceptor->accept());
    EXPECT_EQ(accepted.value().peer, "unix:" + path("caller"));
  }
  EXPECT_FALSE(std::filesystem::exists(path("caller")));
  const auto taken = call_to("unixgram:" + path("server") + "?bind=" + path("server"));
  EXPECT_NE(taken.error().what.find("address already in use"), std::string::npos) << taken.error().what;
}

// An IPv4 socket in its place would hear half of those who call, and nobody would know.
TEST_F(ConnectionTest, APortThatIsTakenOnIpv6IsTaken) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    const Fd other(::socket(AF_INET6, type | SOCK_CLOEXEC, 0));
    const int only = 1;
    ::setsockopt(other.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    const IpPort every{IpAddress::any(Family::v6), 0};
    const auto address = SocketAddress::of(every);
    ASSERT_EQ(::bind(other.get(), address.get(), address.size()), 0);
    if (type == SOCK_STREAM) {
      ASSERT_EQ(::listen(other.get(), 1), 0);
    }
    const std::string port = std::to_string(local_address_of(other.get()).ip()->port);
    const auto refused = listen((type == SOCK_STREAM ? "tcp://:" : "udp://:") + port);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, "cannot bind [::]:" + port + ": address already in use");
  }
}

}  // namespace
}  // namespace yam::net
