#pragma once
// A block of addresses: an address and how many of its leading bits name the network (RFC 4632, RFC 4291
// §2.3). It keeps the address as it was written, so `192.168.1.77/24` is a host and its network at once.
// Masks with holes do not exist here.

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/address/ip.hpp"

namespace yam {

class Cidr {
 public:
  // The most blocks that split() makes at once.
  static constexpr std::size_t split_max = 65536;

  // `ADDR/N`, `ADDR/255.255.255.0`, or a bare address, which is a block of one. Code::usage otherwise;
  // wildcard masks (0.0.0.255) are refused with the mask that was meant.
  static Result<Cidr> parse(std::string_view text);
  // Code::usage when `prefix` exceeds the address's 32 or 128 bits, or leaves the addresses that have a zone.
  static Result<Cidr> of(IpAddress address, unsigned prefix);

  const IpAddress& address() const { return address_; }
  unsigned prefix() const { return prefix_; }

  // Whether no bit is set beyond the prefix, as a rule or a route wants it, and the block written so.
  bool is_canonical() const { return address_ == network(); }
  Cidr canonical() const { return Cidr(network(), prefix_); }

  IpAddress network() const;
  IpAddress last() const;  // every bit beyond the prefix set
  IpAddress mask() const;
  IpAddress wildcard() const;  // the mask inverted, as router access lists write it
  // Absent for IPv6, which has none, and for /31 and /32 (RFC 3021).
  std::optional<IpAddress> broadcast() const;

  // What a machine can be given: for IPv4 all but network and broadcast address, /31 and /32 excepted
  // (RFC 3021); for IPv6 everything.
  IpAddress first_host() const;
  IpAddress last_host() const;
  // Exact, in decimal; IPv6 has up to 2^128.
  std::string host_count() const;
  std::string address_count() const;

  // An IPv4 block also contains its members in mapped form (::ffff:a.b.c.d), so that no rule is passed by way
  // of a dual-stack socket. A block with a zone contains that zone only.
  bool contains(const IpAddress& address) const;
  bool contains(const Cidr& other) const;

  // `count` equal blocks, which must be a power of two up to `split_max` and leave each at least one address.
  Result<std::vector<Cidr>> split(std::size_t count) const;

  std::string to_string() const;  // `ADDR/N`, the address as written; a zone stays before the slash
  auto operator<=>(const Cidr&) const = default;

 private:
  Cidr(IpAddress address, unsigned prefix) : address_(address), prefix_(prefix) {}

  IpAddress address_;
  unsigned prefix_;
};

}  // namespace yam
