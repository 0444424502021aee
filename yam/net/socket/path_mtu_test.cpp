#include "yam/net/socket/path_mtu.hpp"

#include <gtest/gtest.h>

namespace yam::net {
namespace {

TEST(PathMtu, KnowsTheWayToOneself) {
  for (const Family family : {Family::v4, Family::v6}) {
    const IpPort place{IpAddress::loopback(family), 1};
    const auto mtu = path_mtu_to(SocketAddress::of(place));
    ASSERT_TRUE(mtu);
    EXPECT_GE(*mtu, 1280U);  // RFC 8200 §5
  }
}

TEST(PathMtu, KnowsNothingOfNowhere) {
  EXPECT_FALSE(path_mtu_to(SocketAddress()));
}

}  // namespace
}  // namespace yam::net
