#include "yam/proto/tftp/options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "yam/base/text.hpp"

namespace yam::proto::tftp {
namespace {

// Digits alone (RFC 2348: "the number of octets in ASCII").
template <class Number>
std::optional<Number> number_in(std::string_view text, std::uint64_t min, std::uint64_t max) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (text.empty() || fault != std::errc() || stop != end || value < min || value > max) return std::nullopt;
  return static_cast<Number>(value);
}

std::optional<std::uint16_t> block_bytes_in(std::string_view text) {
  return number_in<std::uint16_t>(text, block_bytes_min, block_bytes_max);
}
std::optional<std::uint16_t> window_in(std::string_view text) {
  return number_in<std::uint16_t>(text, 1, 65535);
}
std::optional<std::uint8_t> timeout_in(std::string_view text) {
  return number_in<std::uint8_t>(text, 1, timeout_seconds_max);
}
std::optional<std::uint64_t> size_in(std::string_view text) {
  return number_in<std::uint64_t>(text, 0, UINT64_MAX);
}

std::unexpected<Error> not_as_asked(const OptionText& option, std::string_view why) {
  return fail(Code::protocol,
              fmt::format("option {} of {} {}", escaped(option.name), quoted(option.value), why));
}

// One option of an OACK: `value` is what it was read as, `asked` what the request said.
template <class Number>
Result<void> take(std::optional<Number>& into, const OptionText& option, std::optional<Number> asked,
                  std::optional<Number> value, bool may_be_less) {
  if (!asked) return not_as_asked(option, "was not asked for (RFC 2347)");
  if (into) return not_as_asked(option, "came twice (RFC 2347)");
  if (!value) return not_as_asked(option, "is malformed");
  if (*value > *asked || (*value < *asked && !may_be_less))
    return not_as_asked(option, fmt::format("is not within the {} that was asked for", *asked));
  into = value;
  return {};
}

}  // namespace

std::string Options::to_string() const {
  const OptionWords words(*this);
  std::string line;
  for (const OptionText& option : words.texts())
    line += fmt::format("{}{}={}", line.empty() ? "" : " ", option.name, option.value);
  return line;
}

Terms::Terms(const Options& granted)
    : block_bytes(granted.block_bytes.value_or(block_bytes_default)),
      window(granted.window.value_or(1)),
      size_bytes(granted.size_bytes) {
  if (granted.timeout_seconds) timeout = std::chrono::seconds(*granted.timeout_seconds);
}

Options read_options(const OptionTexts& texts) {
  Options options;
  if (const auto text = texts.find("blksize")) {
    options.block_bytes = block_bytes_in(*text);
    if (number_in<std::uint64_t>(*text, block_bytes_max, UINT64_MAX)) options.block_bytes = block_bytes_max;
  }
  if (const auto text = texts.find("windowsize")) options.window = window_in(*text);
  if (const auto text = texts.find("timeout")) options.timeout_seconds = timeout_in(*text);
  if (const auto text = texts.find("tsize")) options.size_bytes = size_in(*text);
  return options;
}

Options grant(const Options& asked, const Caps& caps, bool write, std::optional<std::uint64_t> size_bytes) {
  Options granted;
  if (asked.block_bytes) granted.block_bytes = std::min(*asked.block_bytes, caps.block_bytes);
  if (asked.window) granted.window = std::min({*asked.window, caps.window, window_blocks_max});
  if (asked.timeout_seconds <= caps.timeout_seconds) granted.timeout_seconds = asked.timeout_seconds;
  if (asked.size_bytes) granted.size_bytes = write ? asked.size_bytes : size_bytes;
  return granted;
}

Result<Options> check_granted(const Options& asked, const OptionTexts& granted) {
  Options taken;
  for (const OptionText& option : granted) {
    Result<void> good;
    if (same_word(option.name, "blksize")) {
      good = take(taken.block_bytes, option, asked.block_bytes, block_bytes_in(option.value), true);
    } else if (same_word(option.name, "windowsize")) {
      good = take(taken.window, option, asked.window, window_in(option.value), true);
    } else if (same_word(option.name, "timeout")) {
      good = take(taken.timeout_seconds, option, asked.timeout_seconds, timeout_in(option.value), false);
    } else if (same_word(option.name, "tsize")) {
      const auto size = size_in(option.value);  // any size is an answer (RFC 2349)
      good = take(taken.size_bytes, option, asked.size_bytes && size ? size : asked.size_bytes, size, true);
    } else {
      good = not_as_asked(option, "was not asked for (RFC 2347)");
    }
    if (!good) return fail(good.error());
  }
  return taken;
}

OptionWords::OptionWords(const Options& options) {
  const auto add = [this](std::string_view name, std::string& kept, const auto& value) {
    if (!value) return;
    kept = fmt::to_string(static_cast<std::uint64_t>(*value));
    texts_.add({name, kept});
  };
  add("blksize", block_bytes_, options.block_bytes);
  add("windowsize", window_, options.window);
  add("timeout", timeout_, options.timeout_seconds);
  add("tsize", size_, options.size_bytes);
}

}  // namespace yam::proto::tftp
