#include "yam/base/address/cidr.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include <fmt/core.h>

#include "yam/base/text.hpp"

namespace yam {

namespace {

// Builds an address of `like`'s family, byte by byte.
template <class ByteAt>
IpAddress made_like(const IpAddress& like, ByteAt byte_at) {
  IpAddress::V6Bytes bytes{};
  for (std::size_t i = 0; i < like.bits() / 8; ++i)
    bytes[i] = static_cast<std::uint8_t>(byte_at(i));
  if (like.is_v4()) return IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
  return IpAddress::v6(bytes, like.zone());
}

unsigned byte_of(const IpAddress& address, std::size_t i) {
  return std::to_integer<unsigned>(address.bytes()[i]);
}

// Byte `i` of the mask with `prefix` leading ones.
unsigned mask_byte(unsigned prefix, std::size_t i) {
  const auto before = static_cast<unsigned>(8 * i);
  const unsigned ones = prefix <= before ? 0 : std::min(prefix - before, 8U);
  return 0xffU << (8 - ones) & 0xffU;
}

std::uint32_t value_of(const IpAddress& v4) {
  return byte_of(v4, 0) << 24 | byte_of(v4, 1) << 16 | byte_of(v4, 2) << 8 | byte_of(v4, 3);
}

IpAddress next(const IpAddress& address, int step) {
  const std::uint32_t value = value_of(address) + static_cast<std::uint32_t>(step);
  return made_like(address, [&](std::size_t i) { return value >> (24 - 8 * i) & 0xff; });
}

// 2^exponent in decimal, by doubling a string: 128 short rounds, and no integer type is that wide.
std::string power_of_two(unsigned exponent) {
  std::string digits = "1";  // least significant first
  for (unsigned i = 0; i < exponent; ++i) {
    int carry = 0;
    for (char& digit : digits) {
      const int twice = 2 * (digit - '0') + carry;
      digit = static_cast<char>('0' + twice % 10);
      carry = twice / 10;
    }
    if (carry) digits += '1';
  }
  std::ranges::reverse(digits);
  return digits;
}

Result<unsigned> prefix_of_mask(const IpAddress& mask) {
  const std::uint32_t value = value_of(mask);
  const auto ones = static_cast<unsigned>(std::countl_one(value));
  if (static_cast<unsigned>(std::popcount(value)) == ones) return ones;
  const auto zeros = static_cast<unsigned>(std::countl_zero(value));
  if (static_cast<unsigned>(std::popcount(value)) == 32 - zeros)
    return fail(Code::usage, mask.to_string() + " is a wildcard, not a mask",
                fmt::format("write /{}", zeros));
  return fail(Code::usage, mask.to_string() + " is not a mask: its ones are not all on the left");
}

Result<unsigned> parse_prefix(const IpAddress& address, std::string_view text) {
  if (text.find('.') != text.npos || text.find(':') != text.npos) {
    const auto mask = IpAddress::parse(text);
    if (!mask) return fail(mask.error());
    if (address.is_v4() && mask->is_v4()) return prefix_of_mask(*mask);
    return fail(Code::usage, quoted(text) + " is no mask for " + address.to_string(),
                fmt::format("write a number from 0 to {}", address.bits()));
  }
  unsigned prefix = address.bits() + 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || prefix > address.bits() || (text.size() > 1 && text[0] == '0'))
    return fail(Code::usage, fmt::format("{} is not a prefix length: it must be a number from 0 to {}",
                                         quoted(text), address.bits()));
  return prefix;
}

}  // namespace

Result<Cidr> Cidr::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return fail(address.error());
  if (slash == text.npos) return of(*address, address->bits());
  const auto prefix = parse_prefix(*address, text.substr(slash + 1));
  if (!prefix) return fail(prefix.error());
  return of(*address, *prefix);
}

Result<Cidr> Cidr::of(IpAddress address, unsigned prefix) {
  if (prefix > address.bits())
    return fail(Code::usage, fmt::format("prefix length {} exceeds {} bits", prefix, address.bits()));
  const Cidr block(address, prefix);
  if (block.network().zone() != address.zone() || block.last().zone() != address.zone())
    return fail(Code::usage, block.to_string() + " is wider than its zone: not all of it is link-local",
                "leave the zone out");
  return block;
}

IpAddress Cidr::network() const {
  return made_like(address_, [&](std::size_t i) { return byte_of(address_, i) & mask_byte(prefix_, i); });
}

IpAddress Cidr::last() const {
  return made_like(address_, [&](std::size_t i) { return byte_of(address_, i) | ~mask_byte(prefix_, i); });
}

IpAddress Cidr::mask() const {
  return made_like(IpAddress::any(address_.family()), [&](std::size_t i) { return mask_byte(prefix_, i); });
}

IpAddress Cidr::wildcard() const {
  return made_like(IpAddress::any(address_.family()), [&](std::size_t i) { return ~mask_byte(prefix_, i); });
}

std::optional<IpAddress> Cidr::broadcast() const {
  if (address_.is_v6() || prefix_ >= 31) return std::nullopt;
  return last();
}

IpAddress Cidr::first_host() const {
  return broadcast() ? next(network(), 1) : network();
}

IpAddress Cidr::last_host() const {
  return broadcast() ? next(last(), -1) : last();
}

std::string Cidr::host_count() const {
  if (!broadcast()) return address_count();
  return std::to_string((std::uint64_t{1} << (32 - prefix_)) - 2);
}

std::string Cidr::address_count() const {
  return power_of_two(address_.bits() - prefix_);
}

bool Cidr::contains(const IpAddress& address) const {
  const IpAddress candidate = address_.is_v4() ? address.unmapped() : address;
  if (candidate.family() != address_.family()) return false;
  if (address_.zone() != 0 && candidate.zone() != address_.zone()) return false;
  for (std::size_t i = 0; i < address_.bits() / 8; ++i)
    if ((byte_of(address_, i) ^ byte_of(candidate, i)) & mask_byte(prefix_, i)) return false;
  return true;
}

bool Cidr::contains(const Cidr& other) const {
  // A mapped block counts from bit 96 on.
  const bool mapped = address_.is_v4() && other.address_.is_mapped_v4();
  if (mapped && other.prefix_ < 96) return false;
  return (mapped ? other.prefix_ - 96 : other.prefix_) >= prefix_ && contains(other.address_);
}

Result<std::vector<Cidr>> Cidr::split(std::size_t count) const {
  if (count == 0 || count > split_max)
    return fail(Code::usage,
                fmt::format("cannot split into {} blocks: from 1 to {} are possible", count, split_max));
  if (!std::has_single_bit(count))
    return fail(Code::usage, fmt::format("cannot split into {} equal blocks: it is no power of two", count),
                fmt::format("{} or {} would do", std::bit_floor(count), std::bit_ceil(count)));
  const auto deeper = static_cast<unsigned>(std::countr_zero(count));
  if (prefix_ + deeper > address_.bits())
    return fail(Code::usage, fmt::format("cannot split {} into {} blocks: it has {} addresses", to_string(),
                                         count, address_count()));
  std::vector<Cidr> blocks;
  blocks.reserve(count);
  const IpAddress base = network();
  const unsigned prefix = prefix_ + deeper;
  for (std::size_t block = 0; block < count; ++block) {
    // Bit k of the block's number, from its lowest, is the address's bit prefix - 1 - k.
    const auto byte_at = [&](std::size_t i) {
      unsigned byte = byte_of(base, i);
      for (unsigned k = 0; k < deeper; ++k) {
        const unsigned bit = prefix - 1 - k;
        if (bit / 8 == i && (block >> k & 1)) byte |= 0x80U >> (bit % 8);
      }
      return byte;
    };
    blocks.push_back(Cidr(made_like(base, byte_at), prefix));
  }
  return blocks;
}

std::string Cidr::to_string() const {
  return address_.to_string() + "/" + std::to_string(prefix_);
}

}  // namespace yam
