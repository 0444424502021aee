#include "yam/base/address/ip.hpp"

#include <arpa/inet.h>
#include <cstring>

#include <gtest/gtest.h>

namespace yam {
namespace {

IpAddress ip(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().what);
  return parsed.value_or(IpAddress());
}

struct Form {
  const char* written;
  const char* printed;
};

constexpr Form forms[] = {
    {"0.0.0.0", "0.0.0.0"},
    {"1.2.3.4", "1.2.3.4"},
    {"255.255.255.255", "255.255.255.255"},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:DB8::1", "2001:db8::1"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // one zero group stays (RFC 5952 §4.2.2)
    {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},        // the longest run (§4.2.3)
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},  // the first of two equal runs
    {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
    {"::3:4:5:6:7:8", "::3:4:5:6:7:8"},
    {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
    {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
    {"::ffff:102:304", "::ffff:1.2.3.4"},
    {"::1.2.3.4", "::102:304"},  // IPv4-compatible is deprecated (RFC 4291 §2.5.5.1) and not shown as IPv4
    {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
    {"fe80::1%3", "fe80::1%3"},
    {"ff02::1%4294967295", "ff02::1%4294967295"},
};

TEST(IpAddress, PrintsOneFormOfEach) {
  for (const auto& [written, printed] : forms) {
    EXPECT_EQ(ip(written).to_string(), printed);
    EXPECT_EQ(ip(printed), ip(written));
    for (const char* junk : {" ", ".", ":", "x", "/", "\n", "%"})
      EXPECT_FALSE(IpAddress::parse(std::string(written) + junk)) << written << junk;
  }
}

// The kernel's library is the judge of every front of every form; it knows no zones.
TEST(IpAddress, AgreesWithInetPton) {
  std::vector<std::string> texts = {"1:2:3:4:5:6:7:8:9",
                                    "1:2:3:4:5:6:7::",
                                    "::2:3:4:5:6:7:8",
                                    "1::2::3",
                                    ":1",
                                    "1:",
                                    ":::",
                                    "12345::",
                                    "1.2.3.04",
                                    "01.2.3.4",
                                    "1:2:3:4::5:6:7:8",
                                    "::1.2.3",
                                    "::1.2.3.4:5",
                                    "1.2.3.4::",
                                    "00001::"};
  for (const auto& form : forms)
    for (std::size_t length = 0; length <= std::strlen(form.written); ++length)
      texts.emplace_back(form.written, length);
  for (const auto& text : texts) {
    if (text.find('%') != text.npos) continue;
    const bool v6 = text.find(':') != text.npos;
    IpAddress::V6Bytes bytes{};
    const bool reads = ::inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) == 1;
    const auto parsed = IpAddress::parse(text);
    ASSERT_EQ(parsed.has_value(), reads) << text << ": " << (parsed ? "" : parsed.error().what);
    if (!parsed) continue;
    EXPECT_EQ(parsed->is_v6(), v6) << text;
    EXPECT_EQ(std::memcmp(parsed->bytes().data(), bytes.data(), parsed->bytes().size()), 0) << text;
  }
}

TEST(IpAddress, Refusals) {
  struct Refusal {
    const char* text;
    const char* why;
    const char* hint = "";
  };
  constexpr Refusal cases[] = {
      {"", R"("" is not an IP address: it is empty)"},
      {"localhost", R"("localhost" is not an IP address: it does not start as one)",
       "names are not looked up here"},
      {"127.1", R"("127.1" is not an IP address: an IPv4 address has four parts, this has 2)",
       "write all four: 127.0.0.1"},
      {"1.2.3.4.5", R"("1.2.3.4.5" is not an IP address: an IPv4 address has four parts, this has 5)",
       "write all four: 127.0.0.1"},
      {"1.2.3.256", R"("1.2.3.256" is not an IP address: part 4 is above 255)"},
      {"1.2.3.99999999999", R"("1.2.3.99999999999" is not an IP address: part 4 is above 255)"},
      {"1..3.4", R"("1..3.4" is not an IP address: part 2 is empty)"},
      {"1.-2.3.4", R"("1.-2.3.4" is not an IP address: part 2 is "-2", not a decimal number)"},
      {"0x7f.0.0.1", R"("0x7f.0.0.1" is not an IP address: part 1 is "0x7f", not a decimal number)"},
      {"1.2.3.4 ", R"("1.2.3.4 " is not an IP address: part 4 is "4 ", not a decimal number)"},
      {"010.0.0.1", R"("010.0.0.1" is not an IP address: part 1 has a leading zero)",
       "write it in decimal without the zero; some programs read it as octal"},
      {"[::1]", R"("[::1]" is not an IP address: brackets belong to an address with a port)",
       "leave the brackets out"},
      {"1:2:3", R"("1:2:3" is not an IP address: an IPv6 address has eight groups, this has 3)"},
      {"1:2:3:4:5:6:7:8:9",
       R"("1:2:3:4:5:6:7:8:9" is not an IP address: an IPv6 address has eight groups, this has more)"},
      {"1::2::3", R"("1::2::3" is not an IP address: a group is empty)",
       "only one `::` may stand for zero groups"},
      {"1:2:3:4::5:6:7:8",
       R"("1:2:3:4::5:6:7:8" is not an IP address: `::` stands for no group: there are eight without it)"},
      {"::12345", R"("::12345" is not an IP address: group "12345" is longer than four digits)"},
      {"::g", R"("::g" is not an IP address: group "g" is not hexadecimal)"},
      {"::-1", R"("::-1" is not an IP address: group "-1" is not hexadecimal)"},
      {"1.2.3.4::", R"("1.2.3.4::" is not an IP address: an IPv4 part can only stand at the end)"},
      {"fe80::1%eth0", R"("fe80::1%eth0" is not an IP address: the zone "eth0" is not a number)",
       "write the interface's number, as `ip link` lists it: fe80::1%2"},
      {"fe80::1%0", R"("fe80::1%0" is not an IP address: the zone is no interface number)"},
      {"fe80::1%4294967296", R"("fe80::1%4294967296" is not an IP address: the zone is no interface number)"},
      {"2001:db8::1%3", R"("2001:db8::1%3" is not an IP address: only a link-local address has a zone)"},
      {"::\x1b[31m", R"("::\x1b[31m" is not an IP address: group "\x1b[31m" is not hexadecimal)"},
  };
  for (const auto& [text, why, hint] : cases) {
    const auto parsed = IpAddress::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), (Error{Code::usage, why, hint}));
  }
}

TEST(IpAddress, KnowsWhatItIsFor) {
  struct Kind {
    const char* text;
    std::string_view kinds;  // l loopback, p private, k link-local, m multicast, u unspecified
    char letter;             // the class, '-' for none
  };
  constexpr Kind cases[] = {
      {"0.0.0.0", "u", 'A'},
      {"10.255.0.1", "p", 'A'},
      {"11.0.0.1", "", 'A'},
      {"127.255.255.254", "l", 'A'},
      {"128.0.0.1", "", 'B'},
      {"169.254.1.1", "k", 'B'},
      {"172.15.0.1", "", 'B'},
      {"172.16.0.1", "p", 'B'},
      {"172.31.255.255", "p", 'B'},
      {"172.32.0.1", "", 'B'},
      {"191.255.0.0", "", 'B'},
      {"192.0.0.1", "", 'C'},
      {"192.168.0.1", "p", 'C'},
      {"223.255.255.255", "", 'C'},
      {"224.0.0.1", "m", 'D'},
      {"239.255.255.255", "m", 'D'},
      {"240.0.0.1", "", 'E'},
      {"255.255.255.255", "", 'E'},
      {"::", "u", '-'},
      {"::1", "l", '-'},
      {"fc00::1", "p", '-'},
      {"fdff::1", "p", '-'},
      {"fe80::1%2", "k", '-'},
      {"febf::1", "k", '-'},
      {"fec0::1", "", '-'},
      {"ff02::1", "m", '-'},
      {"2001:db8::1", "", '-'},
      {"::ffff:127.0.0.1", "l", '-'},
      {"::ffff:10.0.0.1", "p", '-'},
      {"::ffff:0.0.0.0", "u", '-'},
      {"::ffff:224.0.0.1", "m", '-'},
      {"::ffff:169.254.0.1", "k", '-'},
  };
  for (const auto& [text, kinds, letter] : cases) {
    const auto address = ip(text);
    std::string seen;
    if (address.is_loopback()) seen += 'l';
    if (address.is_private()) seen += 'p';
    if (address.is_link_local()) seen += 'k';
    if (address.is_multicast()) seen += 'm';
    if (address.is_unspecified()) seen += 'u';
    EXPECT_EQ(seen, kinds) << text;
    EXPECT_EQ(address.address_class().value_or('-'), letter) << text;
  }
}

TEST(IpAddress, MapsAndCompares) {
  EXPECT_TRUE(ip("::ffff:1.2.3.4").is_mapped_v4());
  EXPECT_FALSE(ip("::fffe:102:304").is_mapped_v4());
  EXPECT_FALSE(ip("1.2.3.4").is_mapped_v4());
  EXPECT_EQ(ip("::ffff:1.2.3.4").unmapped(), IpAddress::v4(1, 2, 3, 4));
  EXPECT_EQ(ip("::1").unmapped(), IpAddress::loopback(Family::v6));
  const char* in_order[] = {
      "0.0.0.0", "9.0.0.0", "10.0.0.0", "255.0.0.0", "::", "::1", "fe80::1", "fe80::1%2", "ff::"};
  for (std::size_t i = 1; i + 1 < std::size(in_order); ++i)
    EXPECT_LT(ip(in_order[i - 1]), ip(in_order[i])) << in_order[i];
  EXPECT_EQ(IpAddress(), IpAddress::any(Family::v4));
  EXPECT_EQ(IpAddress::v6({0x20, 1}, 7).zone(), 0U) << "a zone means nothing on a global address";
}

TEST(IpPort, ReadsAndPrints) {
  for (const char* text :
       {"1.2.3.4:80", "0.0.0.0:0", "[::1]:65535", "[fe80::1%2]:22", "[::ffff:1.2.3.4]:1"}) {
    const auto parsed = IpPort::parse(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().what;
    EXPECT_EQ(parsed->to_string(), text);
    EXPECT_FALSE(IpPort::parse(std::string(text) + " ")) << text;
    for (std::size_t length = 0; length < std::strlen(text); ++length) {
      const auto front = IpPort::parse(std::string_view(text, length));
      EXPECT_TRUE(!front || front->address == parsed->address) << std::string_view(text, length);
    }
  }
}

TEST(IpPort, Refusals) {
  const std::pair<const char*, const char*> cases[] = {
      {"1.2.3.4", R"("1.2.3.4" has no port)"},
      {"[::1]", R"("[::1]" has no port)"},
      {"::1:80", R"("::1:80" is not an address and a port: an IPv6 address needs brackets)"},
      {"[1.2.3.4]:80", R"("[1.2.3.4]:80" is not an address and a port: brackets are for IPv6)"},
      {":80", R"("" is not an IP address: it is empty)"},
      {"1.2.3.4:", R"("" is not a port: it is empty)"},
      {"1.2.3.4:65536", R"("65536" is not a port: the largest is 65535)"},
      {"1.2.3.4:99999999999", R"("99999999999" is not a port: the largest is 65535)"},
      {"1.2.3.4:080", R"("080" is not a port: it has a leading zero)"},
      {"1.2.3.4:http", R"("http" is not a port: it must be a number from 0 to 65535)"},
      {"1.2.3.4:+1", R"("+1" is not a port: it must be a number from 0 to 65535)"},
  };
  for (const auto& [text, why] : cases) {
    const auto parsed = IpPort::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().what, why);
    EXPECT_EQ(parsed.error().code, Code::usage);
  }
}

}  // namespace
}  // namespace yam
