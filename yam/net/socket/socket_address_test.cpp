#include "yam/net/socket/socket_address.hpp"

#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/loop/fd.hpp"

namespace yam::net {
namespace {

TEST(SocketAddress, ReadsAsPeopleWriteIt) {
  for (const std::string text : {"127.0.0.1:80", "[::1]:80", "[fe80::1%1]:65535", "0.0.0.0:0"})
    EXPECT_EQ(SocketAddress::of(IpPort::parse(text).value()).to_string(), text);
  EXPECT_EQ(SocketAddress::of_unix("/run/x").value().to_string(), "unix:/run/x");
  EXPECT_EQ(SocketAddress::of_unix("@name").value().to_string(), "unix:@name");
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  const Fd ends[2] = {Fd(pair[0]), Fd(pair[1])};
  EXPECT_EQ(peer_address_of(ends[0].get()).to_string(), "unix:") << "a peer without a name";
}

TEST(SocketAddress, OfAMappedAddressIsTheIpv4AddressInIt) {
  const auto place = SocketAddress::of(IpPort::parse("[::ffff:192.0.2.1]:7").value()).ip();
  EXPECT_EQ(place.value().to_string(), "192.0.2.1:7");
  EXPECT_FALSE(SocketAddress::of_unix("/x").value().ip());
  EXPECT_FALSE(SocketAddress().ip());
}

TEST(SocketAddress, RefusesPathsThatNoSocketCanHave) {
  const std::size_t room = sizeof(sockaddr_un::sun_path);
  EXPECT_EQ(SocketAddress::of_unix("").error().code, Code::usage);
  EXPECT_EQ(SocketAddress::of_unix(std::string(room, 'x')).error().code, Code::usage);
  EXPECT_TRUE(SocketAddress::of_unix(std::string(room - 1, 'x')));
}

TEST(SocketAddress, IsEqualByWhatItSays) {
  const auto a = SocketAddress::of(IpPort::parse("127.0.0.1:80").value());
  EXPECT_EQ(a, SocketAddress::of(IpPort::parse("127.0.0.1:80").value()));
  EXPECT_FALSE(a == SocketAddress::of(IpPort::parse("127.0.0.1:81").value()));
  EXPECT_FALSE(SocketAddress::of_unix("@a").value() == SocketAddress::of_unix("@b").value());
}

TEST(SocketAddress, OfASocketIsWhatTheKernelSays) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto wanted = SocketAddress::of(IpPort::parse("127.0.0.1:0").value());
  ASSERT_EQ(::bind(socket.get(), wanted.get(), wanted.size()), 0);
  const auto local = local_address_of(socket.get()).ip().value();
  EXPECT_EQ(local.address.to_string(), "127.0.0.1");
  EXPECT_NE(local.port, 0);
  EXPECT_FALSE(peer_address_of(socket.get()).ip()) << "nobody was called";
}

TEST(SocketAddress, KnowsWhichAddressesAreHere) {
  EXPECT_TRUE(is_here(IpAddress::parse("127.0.0.1").value()));
  EXPECT_TRUE(is_here(IpAddress::parse("0.0.0.0").value()));
  EXPECT_FALSE(is_here(IpAddress::parse("192.0.2.1").value())) << "TEST-NET-1, RFC 5737";
}

}  // namespace
}  // namespace yam::net
