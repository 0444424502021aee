// Any text is a value that reads back from its print, or a fault in one line: addresses, blocks and
// quantities.

#include "yam/base/address/ip.hpp"

#include <cstdlib>

#include "yam/base/address/cidr.hpp"
#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

using namespace yam;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void expect_safe(const Error& error) {
  expect(error.code == Code::usage && error.what == escaped(error.what));
}

// What a value prints is that value again.
template <class Value>
void expect_exact(std::string_view text) {
  const auto value = Value::parse(text);
  if (!value) return expect_safe(value.error());
  expect(Value::parse(value->to_string()) == value);
}

// A print for people is rounded, but stays as it is when read and printed again.
template <class Parse, class Print>
void expect_stable(std::string_view text, Parse parse, Print print) {
  const auto value = parse(text);
  if (!value) return expect_safe(value.error());
  const auto again = parse(print(*value));
  expect(again && print(*again) == print(*value));
}

void expect_sound(const Cidr& block) {
  expect(block.contains(block.address()) && block.contains(block.canonical()));
  expect(block.network() <= block.first_host() && block.first_host() <= block.last_host());
  expect(block.last_host() <= block.last() && block.contains(block.last()));
  const auto halves = block.split(2);
  expect(halves.has_value() == (block.prefix() < block.address().bits()));
  if (halves) expect(halves->front().network() == block.network() && halves->back().last() == block.last());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expect_exact<IpAddress>(text);
  expect_exact<IpPort>(text);
  expect_exact<Cidr>(text);
  if (const auto block = Cidr::parse(text)) expect_sound(*block);
  expect_stable(text, parse_duration, print_duration);
  expect_stable(text, parse_bytes, print_bytes);
  expect_stable(text, parse_rate, print_rate);
  expect_stable(text, parse_probability, print_probability);

  expect(is_utf8(escaped(text)) && escaped(escaped(text)) == escaped(text));
  expect(whole_utf8(text) <= size && size - whole_utf8(text) <= 3);
  expect(parse_hex(hex(bytes_of(text))) == copy_of(bytes_of(text)));
  display_width(text);
  return 0;
}
