#include "yam/service/tftp_server/tftp_port_range.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TftpPorts ports_of(std::string_view text) {
  return TftpPorts::parse(text).value();
}

TEST(TftpPorts, AreOneOrARange) {
  EXPECT_TRUE(ports_of("single").is_single());
  EXPECT_FALSE(ports_of("1-65535").is_single());
  EXPECT_EQ(ports_of("7000-7000").last, 7000);
  for (const char* wrong :
       {"", "any", "Single", "7000", "7000-", "-7000", "0-9", "9-8", "1-65536", "1-2-3", "1 -2", "+1-2"})
    EXPECT_EQ(TftpPorts::parse(wrong).error().code, Code::usage) << wrong;
}

TEST(TftpPortRange, GivesEachPortOnceAndLateOnesLast) {
  TftpPortRange range(ports_of("20000-20004"), 1);
  std::vector<TftpPortRange::Lease> leases;
  std::set<std::uint16_t> given;
  for (int i = 0; i < 5; ++i) {
    const std::uint16_t port = range.candidates().front();
    given.insert(port);
    leases.push_back(range.take(port));
  }
  EXPECT_EQ(given, (std::set<std::uint16_t>{20000, 20001, 20002, 20003, 20004}));
  EXPECT_TRUE(range.candidates().empty());
  leases.clear();
  EXPECT_EQ(range.candidates().size(), 5u);
}

TEST(TftpPortRange, PortsThatOthersHaveAreTriedLastTheNextTime) {
  TftpPortRange range(ports_of("20000-20009"), 7);
  const auto tried = range.candidates();
  const std::vector<std::uint16_t> before(tried.begin(), tried.end());
  const auto lease = range.take(before[3]);  // three were busy
  const auto next = range.candidates();
  EXPECT_EQ(std::vector<std::uint16_t>(next.end() - 3, next.end()),
            std::vector<std::uint16_t>(before.begin(), before.begin() + 3));
  EXPECT_EQ(next.size(), 9u);
}

TEST(TftpPortRange, OfManyPortsOthersAreTriedEachTime) {
  TftpPortRange range(ports_of("20000-20511"), 7);
  const auto tried = range.candidates();
  EXPECT_EQ(tried.size(), TftpPortRange::tries_max);
  std::set<std::uint16_t> all(tried.begin(), tried.end());
  range.pass_over();
  const auto others = range.candidates();
  all.insert(others.begin(), others.end());
  EXPECT_EQ(all.size(), 512u);
  EXPECT_FALSE(std::ranges::is_sorted(others));
}

}  // namespace
}  // namespace yam::service
