#pragma once
// IP addresses and ports as plain values: parsed strictly, printed one way only, compared and classified. No
// names are resolved here and no interface is looked up: a zone is the interface's number.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

namespace yam {

enum class Family : std::uint8_t { v4, v6 };

// An IPv4 or IPv6 address; by default 0.0.0.0. Ordered IPv4 first, then by value, then by zone.
class IpAddress {
 public:
  using V4Bytes = std::array<std::uint8_t, 4>;
  using V6Bytes = std::array<std::uint8_t, 16>;

  constexpr IpAddress() = default;

  // From bytes in network order.
  static constexpr IpAddress v4(V4Bytes bytes);
  static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
  // `zone` is the interface's number (sin6_scope_id), 0 for none; it is dropped where zones mean nothing,
  // that is everywhere but on link-local addresses (RFC 4007 §6).
  static constexpr IpAddress v6(V6Bytes bytes, std::uint32_t zone = 0);

  static constexpr IpAddress any(Family family);
  static constexpr IpAddress loopback(Family family);

  // IPv4: four decimal parts, no leading zeros (they read as octal elsewhere), no short forms. IPv6: RFC 4291
  // §2.2, and `%N` after a link-local address. Code::usage otherwise.
  static Result<IpAddress> parse(std::string_view text);

  // RFC 5952: lower case, the longest run of zero groups as `::`, IPv4-mapped ones as ::ffff:1.2.3.4.
  std::string to_string() const;

  constexpr Family family() const { return family_; }
  constexpr bool is_v4() const { return family_ == Family::v4; }
  constexpr bool is_v6() const { return family_ == Family::v6; }
  constexpr unsigned bits() const { return is_v4() ? 32 : 128; }
  constexpr std::uint32_t zone() const { return zone_; }

  // Network order, 4 or 16 bytes, borrowed from this object.
  ByteView bytes() const& { return std::as_bytes(std::span(bytes_.data(), bits() / 8)); }
  ByteView bytes() const&& = delete;

  // ::ffff:a.b.c.d, how a dual-stack socket shows an IPv4 peer (RFC 4291 §2.5.5.2).
  bool is_mapped_v4() const;
  // The IPv4 address inside a mapped one; every other address as it is.
  IpAddress unmapped() const;

  // These see through the mapped form, so that no rule about IPv4 is passed by writing the address longer.
  bool is_loopback() const;     // 127.0.0.0/8, ::1
  bool is_private() const;      // RFC 1918, and fc00::/7 (RFC 4193)
  bool is_link_local() const;   // 169.254.0.0/16 (RFC 3927), fe80::/10
  bool is_multicast() const;    // 224.0.0.0/4, ff00::/8
  bool is_unspecified() const;  // 0.0.0.0, ::

  // The class 'A' to 'E' that an IPv4 address had before CIDR (RFC 791 §3.2, E from RFC 1112 §4); none for
  // IPv6.
  std::optional<char> address_class() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  static constexpr bool takes_zone(const V6Bytes& bytes);

  Family family_ = Family::v4;
  V6Bytes bytes_{};  // an IPv4 address fills the first four, the rest stays zero
  std::uint32_t zone_ = 0;
};

// Where a socket is: an address and a port. Port 0 is "any free one" to bind to, and no one to call.
struct IpPort {
  IpAddress address;
  std::uint16_t port = 0;

  // `1.2.3.4:80` or `[::1]:80`; both parts are required. Code::usage otherwise.
  static Result<IpPort> parse(std::string_view text);
  std::string to_string() const;

  auto operator<=>(const IpPort&) const = default;
};

// A decimal port from 0 to 65535 without sign, space or leading zero. Code::usage otherwise.
Result<std::uint16_t> parse_port(std::string_view text);

// ---- How the constexpr ones are made ----

constexpr IpAddress IpAddress::v4(V4Bytes bytes) {
  return v4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

constexpr IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  IpAddress address;
  address.bytes_ = {a, b, c, d};
  return address;
}

constexpr bool IpAddress::takes_zone(const V6Bytes& bytes) {
  const bool unicast = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  // Multicast of scope 1 (this interface) and 2 (this link), RFC 4291 §2.7.
  const bool multicast = bytes[0] == 0xff && ((bytes[1] & 0x0f) == 1 || (bytes[1] & 0x0f) == 2);
  return unicast || multicast;
}

constexpr IpAddress IpAddress::v6(V6Bytes bytes, std::uint32_t zone) {
  IpAddress address;
  address.family_ = Family::v6;
  address.bytes_ = bytes;
  address.zone_ = takes_zone(bytes) ? zone : 0;
  return address;
}

constexpr IpAddress IpAddress::any(Family family) {
  return family == Family::v4 ? v4(V4Bytes{}) : v6(V6Bytes{});
}

constexpr IpAddress IpAddress::loopback(Family family) {
  V6Bytes one{};
  one[15] = 1;
  return family == Family::v4 ? v4(127, 0, 0, 1) : v6(one);
}

}  // namespace yam
