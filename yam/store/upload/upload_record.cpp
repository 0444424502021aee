#include "yam/store/upload/upload_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <sys/random.h>
#include <utility>

#include "yam/base/base64.hpp"
#include "yam/base/text.hpp"

namespace yam::store {

namespace {

constexpr std::size_t id_digits = 32;
constexpr std::string_view record_head = "yam upload 1\n";

void add_line(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) text += std::string(name) + " " + std::string(value) + "\n";
}

void add_number(std::string& text, std::string_view name, std::optional<std::uint64_t> value) {
  if (value) add_line(text, name, std::to_string(*value));
}

// Any bytes on one line.
void add_bytes(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) add_line(text, name, base64(bytes_of(value)));
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_number(std::string_view text, std::optional<std::uint64_t>& number) {
  return read_number(text, number.emplace());
}

bool read_text(std::string_view text, std::string& value) {
  const auto bytes = parse_base64(text);
  if (bytes) value = text_of(*bytes);
  return bytes.has_value();
}

bool read_line(std::string_view name, std::string_view value, UploadRecord& record) {
  if (name == "name") return read_text(value, record.name);
  if (name == "length") return read_number(value, record.length);
  if (name == "proven") return read_number(value, record.proven);
  if (name == "metadata") return read_text(value, record.metadata);
  if (name == "concatenation") return read_text(value, record.concatenation);
  if (name == "finished-name") return read_text(value, record.finished_name);
  if (name == "expires") {
    std::int64_t seconds = 0;
    const bool good = read_number(value, seconds);
    record.expires = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    return good;
  }
  if (name == "if-exists") {
    unsigned rule = 0;
    const bool good = read_number(value, rule) && rule <= static_cast<unsigned>(IfExists::number);
    if (good) record.if_exists = static_cast<IfExists>(rule);
    return good;
  }
  if (name != "sha256") return false;
  auto digest = parse_base64(value);
  if (digest) record.sha256 = std::move(*digest);
  return digest.has_value();
}

}  // namespace

UploadId UploadId::draw() {
  std::array<std::byte, id_digits / 2> bytes{};
  // So few bytes come whole, once the machine has booted.
  [[maybe_unused]] const ssize_t drawn = ::getrandom(bytes.data(), bytes.size(), 0);
  return {joined_hex(bytes)};
}

std::optional<UploadId> UploadId::parse(std::string_view text) {
  const auto is_small_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  if (text.size() != id_digits || !std::ranges::all_of(text, is_small_hex)) return std::nullopt;
  return UploadId{std::string(text)};
}

std::string write_record(const UploadRecord& record) {
  std::string text(record_head);
  add_bytes(text, "name", record.name);
  add_number(text, "length", record.length);
  add_number(text, "if-exists", static_cast<std::uint64_t>(record.if_exists));
  add_line(text, "expires", std::to_string(record.expires.time_since_epoch().count()));
  add_bytes(text, "metadata", record.metadata);
  add_bytes(text, "concatenation", record.concatenation);
  add_number(text, "proven", record.proven);
  add_bytes(text, "finished-name", record.finished_name);
  add_bytes(text, "sha256", text_of(record.sha256));
  return text + "end\n";
}

std::optional<UploadRecord> parse_record(std::string_view text) {
  if (!text.starts_with(record_head)) return std::nullopt;
  text.remove_prefix(record_head.size());
  UploadRecord record;
  while (text != "end\n") {  // without it, the record was cut
    const std::size_t end = text.find('\n');
    const std::size_t blank = text.find(' ');
    if (end == text.npos || blank > end) return std::nullopt;
    if (!read_line(text.substr(0, blank), text.substr(blank + 1, end - blank - 1), record))
      return std::nullopt;
    text.remove_prefix(end + 1);
  }
  return record;
}

}  // namespace yam::store
