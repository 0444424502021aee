#include "yam/base/address/cidr.hpp"

#include <gtest/gtest.h>

namespace yam {
namespace {

Cidr cidr(std::string_view text) {
  const auto parsed = Cidr::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().what);
  return parsed ? *parsed : *Cidr::of(IpAddress(), 0);
}

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(Cidr, DoesTheSums) {
  struct Sum {
    const char* text;
    const char* printed;
    const char* network;
    const char* mask;
    const char* broadcast;  // "" for none
    const char* first;
    const char* last;
    const char* hosts;
    const char* addresses;
  };
  constexpr Sum sums[] = {
      {"192.168.1.77/24", "192.168.1.77/24", "192.168.1.0", "255.255.255.0", "192.168.1.255", "192.168.1.1",
       "192.168.1.254", "254", "256"},
      {"172.16.35.123/255.255.240.0", "172.16.35.123/20", "172.16.32.0", "255.255.240.0", "172.16.47.255",
       "172.16.32.1", "172.16.47.254", "4094", "4096"},
      {"10.0.0.0/8", "10.0.0.0/8", "10.0.0.0", "255.0.0.0", "10.255.255.255", "10.0.0.1", "10.255.255.254",
       "16777214", "16777216"},
      {"1.2.3.4/0", "1.2.3.4/0", "0.0.0.0", "0.0.0.0", "255.255.255.255", "0.0.0.1", "255.255.255.254",
       "4294967294", "4294967296"},
      {"1.2.3.5/30", "1.2.3.5/30", "1.2.3.4", "255.255.255.252", "1.2.3.7", "1.2.3.5", "1.2.3.6", "2", "4"},
      {"1.2.3.5/31", "1.2.3.5/31", "1.2.3.4", "255.255.255.254", "", "1.2.3.4", "1.2.3.5", "2", "2"},
      {"1.2.3.5", "1.2.3.5/32", "1.2.3.5", "255.255.255.255", "", "1.2.3.5", "1.2.3.5", "1", "1"},
      {"2001:db8::7/64", "2001:db8::7/64", "2001:db8::", "ffff:ffff:ffff:ffff::", "",
       "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "18446744073709551616", "18446744073709551616"},
      {"::/0", "::/0", "::", "::", "", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
       "340282366920938463463374607431768211456", "340282366920938463463374607431768211456"},
      {"2001:db8:8000::/33", "2001:db8:8000::/33", "2001:db8:8000::", "ffff:ffff:8000::", "",
       "2001:db8:8000::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "39614081257132168796771975168",
       "39614081257132168796771975168"},
      {"fe80::1%2/64", "fe80::1%2/64", "fe80::%2", "ffff:ffff:ffff:ffff::", "", "fe80::%2",
       "fe80::ffff:ffff:ffff:ffff%2", "18446744073709551616", "18446744073709551616"},
      {"::1", "::1/128", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", "::1", "::1", "1", "1"},
  };
  for (const auto& sum : sums) {
    const Cidr block = cidr(sum.text);
    EXPECT_EQ(block.to_string(), sum.printed);
    EXPECT_EQ(cidr(sum.printed), block);
    EXPECT_EQ(block.network().to_string(), sum.network) << sum.text;
    EXPECT_EQ(block.mask().to_string(), sum.mask) << sum.text;
    EXPECT_EQ(block.broadcast() ? block.broadcast()->to_string() : "", sum.broadcast) << sum.text;
    EXPECT_EQ(block.first_host().to_string(), sum.first) << sum.text;
    EXPECT_EQ(block.last_host().to_string(), sum.last) << sum.text;
    EXPECT_EQ(block.host_count(), sum.hosts) << sum.text;
    EXPECT_EQ(block.address_count(), sum.addresses) << sum.text;
    EXPECT_TRUE(block.canonical().is_canonical()) << sum.text;
    EXPECT_EQ(block.is_canonical(), block.address().to_string() == sum.network) << sum.text;
    EXPECT_FALSE(Cidr::parse(std::string(sum.printed) + " ")) << sum.text;
    EXPECT_FALSE(Cidr::parse(std::string(sum.printed) + "/")) << sum.text;
  }
  EXPECT_EQ(cidr("1.2.3.4/20").wildcard().to_string(), "0.0.15.255");
}

TEST(Cidr, Refusals) {
  struct Refusal {
    const char* text;
    const char* why;
    const char* hint = "";
  };
  constexpr Refusal cases[] = {
      {"/24", R"("" is not an IP address: it is empty)"},
      {"1.2.3.4/", R"("" is not a prefix length: it must be a number from 0 to 32)"},
      {"1.2.3.4/33", R"("33" is not a prefix length: it must be a number from 0 to 32)"},
      {"1.2.3.4/-1", R"("-1" is not a prefix length: it must be a number from 0 to 32)"},
      {"1.2.3.4/08", R"("08" is not a prefix length: it must be a number from 0 to 32)"},
      {"1.2.3.4/24x", R"("24x" is not a prefix length: it must be a number from 0 to 32)"},
      {"1.2.3.4/99999999999", R"("99999999999" is not a prefix length: it must be a number from 0 to 32)"},
      {"::1/129", R"("129" is not a prefix length: it must be a number from 0 to 128)"},
      {"1.2.3.4/0.0.0.255", "0.0.0.255 is a wildcard, not a mask", "write /24"},
      {"1.2.3.4/255.0.255.0", "255.0.255.0 is not a mask: its ones are not all on the left"},
      {"fe80::1%2/9", "fe80::1%2/9 is wider than its zone: not all of it is link-local",
       "leave the zone out"},
      {"1.2.3.4/ffff::", R"("ffff::" is no mask for 1.2.3.4)", "write a number from 0 to 32"},
      {"::1/255.0.0.0", R"("255.0.0.0" is no mask for ::1)", "write a number from 0 to 128"},
  };
  for (const auto& [text, why, hint] : cases) {
    const auto parsed = Cidr::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), (Error{Code::usage, why, hint}));
  }
  EXPECT_EQ(Cidr::of(IpAddress(), 33).error().what, "prefix length 33 exceeds 32 bits");
}

TEST(Cidr, ContainsAddresses) {
  struct Case {
    const char* block;
    const char* address;
    bool inside;
  };
  constexpr Case cases[] = {
      {"10.1.2.3/8", "10.255.0.1", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"192.168.1.128/25", "192.168.1.127", false},
      {"192.168.1.128/25", "192.168.1.128", true},
      {"0.0.0.0/0", "255.255.255.255", true},
      {"0.0.0.0/0", "::1", false},
      {"::/0", "1.2.3.4", false},
      {"10.0.0.0/8", "::ffff:10.1.2.3", true},  // or a dual-stack socket would be the way around a rule
      {"10.0.0.0/8", "::ffff:11.1.2.3", false},
      {"2001:db8::/33", "2001:db8:7fff::", true},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"fe80::/10", "fe80::1%3", true},
      {"fe80::1%2/10", "fe80::1%3", false},
      {"fe80::1%2/10", "fe80::9%2", true},
  };
  for (const auto& [block, address, inside] : cases)
    EXPECT_EQ(cidr(block).contains(ip(address)), inside) << block << " and " << address;
}

TEST(Cidr, ContainsBlocks) {
  struct Case {
    const char* outer;
    const char* inner;
    bool inside;
  };
  constexpr Case cases[] = {
      {"10.0.0.0/8", "10.1.0.0/16", true},         {"10.0.0.0/8", "10.0.0.0/8", true},
      {"10.1.0.0/16", "10.0.0.0/8", false},        {"10.0.0.0/8", "11.0.0.0/16", false},
      {"10.0.0.0/8", "::ffff:10.0.0.0/104", true}, {"10.0.0.0/8", "::ffff:10.0.0.0/103", false},
      {"10.0.0.0/8", "::ffff:10.0.0.0/64", false}, {"::/0", "2001:db8::/32", true},
  };
  for (const auto& [outer, inner, inside] : cases)
    EXPECT_EQ(cidr(outer).contains(cidr(inner)), inside) << outer << " and " << inner;
}

TEST(Cidr, Splits) {
  const auto printed = [](const Cidr& block, std::size_t count) {
    std::string out;
    const auto parts = block.split(count).value();  // named: it must outlive the loop's head
    for (const Cidr& part : parts)
      out += part.to_string() + " ";
    return out;
  };
  EXPECT_EQ(printed(cidr("192.168.1.77/24"), 4),
            "192.168.1.0/26 192.168.1.64/26 192.168.1.128/26 192.168.1.192/26 ");
  EXPECT_EQ(printed(cidr("10.0.0.0/7"), 4), "10.0.0.0/9 10.128.0.0/9 11.0.0.0/9 11.128.0.0/9 ");
  EXPECT_EQ(printed(cidr("1.2.3.4/31"), 2), "1.2.3.4/32 1.2.3.5/32 ");
  EXPECT_EQ(printed(cidr("1.2.3.4/32"), 1), "1.2.3.4/32 ");
  EXPECT_EQ(printed(cidr("2001:db8::/62"), 4),
            "2001:db8::/64 2001:db8:0:1::/64 2001:db8:0:2::/64 2001:db8:0:3::/64 ");
  EXPECT_EQ(cidr("::/0").split(Cidr::split_max)->back().to_string(), "ffff::/16");

  const std::pair<std::size_t, Error> refusals[] = {
      {0, {Code::usage, "cannot split into 0 blocks: from 1 to 65536 are possible", ""}},
      {65537, {Code::usage, "cannot split into 65537 blocks: from 1 to 65536 are possible", ""}},
      {6, {Code::usage, "cannot split into 6 equal blocks: it is no power of two", "4 or 8 would do"}},
      {8, {Code::usage, "cannot split 1.2.3.4/30 into 8 blocks: it has 4 addresses", ""}},
  };
  for (const auto& [count, error] : refusals)
    EXPECT_EQ(cidr("1.2.3.4/30").split(count).error(), error);
}

}  // namespace
}  // namespace yam
