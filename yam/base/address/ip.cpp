#include "yam/base/address/ip.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "yam/base/text.hpp"

namespace yam {

namespace {

constexpr std::size_t groups_max = 8;
constexpr std::uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// A reader's complaint, before it is put beside the text it is about.
struct Fault {
  std::string why;
  std::string hint = {};
};
template <class T>
using Read = std::expected<T, Fault>;

std::unexpected<Fault> bad(std::string why, std::string hint = {}) {
  return std::unexpected(Fault{std::move(why), std::move(hint)});
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

Read<std::uint8_t> read_part(std::string_view part, int number) {
  if (part.empty()) return bad(fmt::format("part {} is empty", number));
  if (!all_digits(part)) return bad(fmt::format("part {} is {}, not a decimal number", number, quoted(part)));
  if (part.size() > 1 && part[0] == '0')
    return bad(fmt::format("part {} has a leading zero", number),
               "write it in decimal without the zero; some programs read it as octal");
  unsigned value = 256;
  if (part.size() <= 3) std::from_chars(part.data(), part.data() + part.size(), value);
  if (value > 255) return bad(fmt::format("part {} is above 255", number));
  return static_cast<std::uint8_t>(value);
}

Read<IpAddress::V4Bytes> read_v4(std::string_view text) {
  const auto parts = std::ranges::count(text, '.') + 1;
  if (parts != 4)
    return bad(fmt::format("an IPv4 address has four parts, this has {}", parts),
               "write all four: 127.0.0.1");
  IpAddress::V4Bytes bytes{};
  for (int i = 0; i < 4; ++i) {
    const auto dot = std::min(text.find('.'), text.size());
    const auto byte = read_part(text.substr(0, dot), i + 1);
    if (!byte) return std::unexpected(byte.error());
    bytes[static_cast<std::size_t>(i)] = *byte;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return bytes;
}

// The groups on one side of `::`, or all of them; nothing for empty text. An IPv4 tail counts as two.
struct Groups {
  std::array<std::uint16_t, groups_max> values{};
  std::size_t count = 0;
};

Read<Groups> read_groups(std::string_view text, bool may_end_in_v4) {
  Groups groups;
  const auto add = [&](unsigned value) {
    if (groups.count == groups_max) return false;
    groups.values[groups.count++] = static_cast<std::uint16_t>(value);
    return true;
  };
  const auto too_many = [] { return bad("an IPv6 address has eight groups, this has more"); };
  for (bool last = text.empty(); !last;) {
    const auto colon = text.find(':');
    last = colon == text.npos;
    const auto group = text.substr(0, colon);
    if (!last) text.remove_prefix(colon + 1);
    if (group.empty()) return bad("a group is empty", "only one `::` may stand for zero groups");
    if (group.find('.') != group.npos) {
      if (!last || !may_end_in_v4) return bad("an IPv4 part can only stand at the end");
      const auto tail = read_v4(group);
      if (!tail) return std::unexpected(tail.error());
      const auto& b = *tail;
      if (!add(static_cast<unsigned>(b[0] << 8 | b[1])) || !add(static_cast<unsigned>(b[2] << 8 | b[3])))
        return too_many();
      continue;
    }
    unsigned value = 0;
    const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), value, 16);
    if (error == std::errc::invalid_argument || end != group.data() + group.size())
      return bad("group " + quoted(group) + " is not hexadecimal");
    if (group.size() > 4) return bad("group " + quoted(group) + " is longer than four digits");
    if (!add(value)) return too_many();
  }
  return groups;
}

Read<IpAddress::V6Bytes> read_v6(std::string_view text) {
  const auto gap = text.find("::");
  const bool has_gap = gap != text.npos;
  const auto head = read_groups(text.substr(0, gap), !has_gap);
  if (!head) return std::unexpected(head.error());
  const auto tail = read_groups(has_gap ? text.substr(gap + 2) : std::string_view{}, true);
  if (!tail) return std::unexpected(tail.error());
  const auto count = head->count + tail->count;
  if (!has_gap && count < groups_max)
    return bad(fmt::format("an IPv6 address has eight groups, this has {}", count));
  if (has_gap && count >= groups_max) return bad("`::` stands for no group: there are eight without it");

  std::array<std::uint16_t, groups_max> groups{};
  std::copy_n(head->values.begin(), head->count, groups.begin());
  std::copy_n(tail->values.begin(), tail->count, groups.end() - static_cast<std::ptrdiff_t>(tail->count));
  IpAddress::V6Bytes bytes{};
  for (std::size_t i = 0; i < groups_max; ++i) {
    bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xff);
  }
  return bytes;
}

Read<std::uint32_t> read_zone(std::string_view text) {
  if (!all_digits(text))
    return bad("the zone " + quoted(text) + " is not a number",
               "write the interface's number, as `ip link` lists it: fe80::1%2");
  std::uint32_t zone = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), zone);
  if (error != std::errc() || zone == 0 || text[0] == '0') return bad("the zone is no interface number");
  return zone;
}

Read<IpAddress> read_address(std::string_view text) {
  if (text.empty()) return bad("it is empty");
  if (text.front() == '[') return bad("brackets belong to an address with a port", "leave the brackets out");
  if (text.find(':') == text.npos) {
    if (!all_digits(text.substr(0, 1)))
      return bad("it does not start as one", "names are not looked up here");
    const auto bytes = read_v4(text);
    if (!bytes) return std::unexpected(bytes.error());
    return IpAddress::v4(*bytes);
  }
  const auto percent = text.find('%');
  const auto bytes = read_v6(text.substr(0, percent));
  if (!bytes) return std::unexpected(bytes.error());
  if (percent == text.npos) return IpAddress::v6(*bytes);
  const auto zone = read_zone(text.substr(percent + 1));
  if (!zone) return std::unexpected(zone.error());
  const auto address = IpAddress::v6(*bytes, *zone);
  if (address.zone() == 0) return bad("only a link-local address has a zone");
  return address;
}

std::uint16_t group_at(ByteView bytes, std::size_t i) {
  const auto high = std::to_integer<unsigned>(bytes[2 * i]);
  return static_cast<std::uint16_t>(high << 8 | std::to_integer<unsigned>(bytes[2 * i + 1]));
}

std::string print_v4(ByteView b) {
  return fmt::format("{}.{}.{}.{}", std::to_integer<unsigned>(b[0]), std::to_integer<unsigned>(b[1]),
                     std::to_integer<unsigned>(b[2]), std::to_integer<unsigned>(b[3]));
}

// RFC 5952 §4: the first of the longest runs of at least two zero groups becomes `::`.
std::string print_v6(ByteView bytes) {
  std::size_t run_start = groups_max, run_length = 1;
  for (std::size_t i = 0; i < groups_max; ++i) {
    std::size_t length = 0;
    while (i + length < groups_max && group_at(bytes, i + length) == 0)
      ++length;
    if (length > run_length) run_start = i, run_length = length;
  }
  std::string out;
  for (std::size_t i = 0; i < groups_max; ++i) {
    if (i == run_start) {
      out += "::";
      i += run_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", group_at(bytes, i));
  }
  return out;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  auto address = read_address(text);
  if (address) return *address;
  auto& [why, hint] = address.error();
  return fail(Code::usage, quoted(text) + " is not an IP address: " + why, std::move(hint));
}

std::string IpAddress::to_string() const {
  if (is_v4()) return print_v4(bytes());
  if (is_mapped_v4()) return "::ffff:" + print_v4(bytes().subspan(12));
  return print_v6(bytes()) + (zone_ ? "%" + std::to_string(zone_) : "");
}

bool IpAddress::is_mapped_v4() const {
  return is_v6() && std::equal(std::begin(mapped_prefix), std::end(mapped_prefix), bytes_.begin());
}

IpAddress IpAddress::unmapped() const {
  return is_mapped_v4() ? v4(bytes_[12], bytes_[13], bytes_[14], bytes_[15]) : *this;
}

bool IpAddress::is_loopback() const {
  const IpAddress plain = unmapped();
  return plain.is_v4() ? plain.bytes_[0] == 127 : plain == loopback(Family::v6);
}

bool IpAddress::is_private() const {
  const IpAddress plain = unmapped();
  const auto& b = plain.bytes_;
  if (plain.is_v6()) return (b[0] & 0xfe) == 0xfc;
  return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
}

bool IpAddress::is_link_local() const {
  const IpAddress plain = unmapped();
  const auto& b = plain.bytes_;
  return plain.is_v4() ? b[0] == 169 && b[1] == 254 : b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
}

bool IpAddress::is_multicast() const {
  const IpAddress plain = unmapped();
  return plain.is_v4() ? (plain.bytes_[0] & 0xf0) == 0xe0 : plain.bytes_[0] == 0xff;
}

bool IpAddress::is_unspecified() const {
  const IpAddress plain = unmapped();
  return plain == any(plain.family());
}

std::optional<char> IpAddress::address_class() const {
  if (is_v6()) return std::nullopt;
  const auto first = bytes_[0];
  if (first < 128) return 'A';
  if (first < 192) return 'B';
  if (first < 224) return 'C';
  return first < 240 ? 'D' : 'E';
}

Result<std::uint16_t> parse_port(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(Code::usage, fmt::format("{} is not a port: {}", quoted(text), why));
  };
  if (text.empty()) return refuse("it is empty");
  if (!all_digits(text)) return refuse("it must be a number from 0 to 65535");
  if (text.size() > 1 && text[0] == '0') return refuse("it has a leading zero");
  unsigned value = 65536;
  if (text.size() <= 5) std::from_chars(text.data(), text.data() + text.size(), value);
  if (value > 65535) return refuse("the largest is 65535");
  return static_cast<std::uint16_t>(value);
}

Result<IpPort> IpPort::parse(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const auto colon = bracketed ? text.find("]:") : text.find(':');
  if (colon == text.npos)
    return fail(Code::usage, quoted(text) + " has no port", "write 127.0.0.1:80 or [::1]:80");
  if (!bracketed && text.find(':', colon + 1) != text.npos)
    return fail(Code::usage, quoted(text) + " is not an address and a port: an IPv6 address needs brackets",
                "write [::1]:80");
  const auto address = IpAddress::parse(bracketed ? text.substr(1, colon - 1) : text.substr(0, colon));
  if (!address) return fail(address.error());
  if (bracketed && address->is_v4())
    return fail(Code::usage, quoted(text) + " is not an address and a port: brackets are for IPv6");
  const auto port = parse_port(text.substr(colon + (bracketed ? 2 : 1)));
  if (!port) return fail(port.error());
  return IpPort{*address, *port};
}

std::string IpPort::to_string() const {
  const std::string host = address.to_string();
  return address.is_v6() ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace yam
