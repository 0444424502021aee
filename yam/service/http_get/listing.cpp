#include "yam/service/http_get/listing.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "yam/base/address/percent.hpp"
#include "yam/base/text.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::service {

namespace http = proto::http;

namespace {

// From `page` down to `url`; absent when it does not lie below, or has a name that cannot be a file's.
std::optional<std::vector<std::string>> names_below(const HttpUrl& page, const HttpUrl& url) {
  if (url.origin != page.origin || !url.query.empty() || !url.path.starts_with(page.path))
    return std::nullopt;
  std::string_view rest = std::string_view(url.path).substr(page.path.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::vector<std::string> names;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const auto name = percent_decoded(Typed(rest.substr(0, end)));
    const auto clean = name ? clean_name(*name) : Result<std::string>(fail(name.error()));
    if (!clean) return std::nullopt;
    names.push_back(*clean);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (names.empty()) return std::nullopt;
  return names;
}

class ListingBuilder {
 public:
  explicit ListingBuilder(const HttpUrl& page) : page_(page) {}

  bool is_full() const { return listing_.entries.size() == listing_entries_max; }
  void add(const HttpUrl& url, std::optional<std::uint64_t> size_bytes, bool is_told) {
    auto names = names_below(page_, url);
    if (!names) {
      if (is_told) ++listing_.left_out;
    } else if (seen_.insert(url.path).second) {
      HttpUrl plain = url;
      plain.fragment.clear();
      listing_.entries.push_back({std::move(plain), std::move(*names), size_bytes});
    }
  }
  void leave_out() { ++listing_.left_out; }
  Listing take() { return std::move(listing_); }

 private:
  const HttpUrl& page_;
  Listing listing_;
  std::set<std::string> seen_;
};

// &amp; and its like, and numbers below 128; others stay as they are, and are no names of files.
std::string without_entities(std::string_view text) {
  constexpr std::pair<std::string_view, char> known[] = {
      {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}};
  std::string out;
  while (!text.empty()) {
    std::size_t used = 1;
    char c = text.front();
    for (const auto& [name, letter] : known)
      if (text.starts_with(name)) {
        c = letter;
        used = name.size();
      }
    if (text.starts_with("&#")) {
      const bool is_hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
      unsigned value = 0;
      std::size_t at = is_hex ? 3 : 2;
      for (; at < text.size() && at < 8 && hex_value(text[at]) >= 0; ++at) {
        if (!is_hex && !is_digit(text[at])) break;
        value = value * (is_hex ? 16U : 10U) + static_cast<unsigned>(hex_value(text[at]));
      }
      if (at < text.size() && text[at] == ';' && value >= 0x20 && value < 0x7f) {
        c = static_cast<char>(value);
        used = at + 1;
      }
    }
    out += c;
    text.remove_prefix(used);
  }
  return out;
}

bool is_html_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_html_blank(text.front()))
    text.remove_prefix(1);
}

// The next attribute of a tag, taken off `text`, which ends up at its '>'. An empty name: there is none.
std::pair<std::string_view, std::string_view> next_attribute(std::string_view& text) {
  while (!text.empty() && (is_html_blank(text.front()) || text.front() == '/'))
    text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && !is_html_blank(text[end]) && text[end] != '=' && text[end] != '>')
    ++end;
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  skip_blanks(text);
  if (!text.starts_with('=')) return {name, {}};
  text.remove_prefix(1);
  skip_blanks(text);
  if (text.starts_with('"') || text.starts_with('\'')) {
    const std::size_t close = std::min(text.find(text.front(), 1), text.size());
    const std::string_view value = text.substr(1, close - 1);
    text.remove_prefix(std::min(close + 1, text.size()));
    return {name.empty() ? "=" : name, value};
  }
  end = 0;
  while (end < text.size() && !is_html_blank(text[end]) && text[end] != '>')
    ++end;
  const std::string_view value = text.substr(0, end);
  text.remove_prefix(end);
  return {name.empty() ? "=" : name, value};
}

}  // namespace

Result<Listing> parse_json_listing(const HttpUrl& page, std::string_view text) {
  const auto unlike = [&](const char* why) {
    return fail(Code::protocol, page.to_string() + " is no listing: " + why);
  };
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return unlike("its JSON is no array");
  if (json.size() > listing_entries_max) return unlike("it is too long");
  ListingBuilder builder(page);
  for (const auto& one : json) {
    const auto name = one.is_object() ? one.find("name") : one.end();
    const auto type = one.is_object() ? one.find("type") : one.end();
    if (!one.is_object() || name == one.end() || type == one.end() || !name->is_string() ||
        !type->is_string())
      return unlike("an entry has no name or type");
    const bool is_folder = *type == "directory";
    if (!is_folder && *type != "file") {
      builder.leave_out();
      continue;
    }
    const std::string plain = *name;
    HttpUrl url = page;
    url.query.clear();
    url.path += percent_encoded_segment(plain) + (is_folder ? "/" : "");
    std::optional<std::uint64_t> size;
    if (const auto told = one.find("size"); told != one.end() && told->is_number_unsigned()) size = *told;
    if (plain == "." || plain == "..") {
      builder.leave_out();
    } else {
      builder.add(url, size, true);
    }
  }
  return builder.take();
}

Listing parse_html_listing(const HttpUrl& page, std::string_view text) {
  ListingBuilder builder(page);
  while (!builder.is_full()) {
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos) break;
    text.remove_prefix(open + 1);
    const bool is_anchor = text.size() > 1 && http::lower_letter(text[0]) == 'a' && is_html_blank(text[1]);
    if (!is_anchor) continue;
    text.remove_prefix(1);
    for (;;) {
      const auto [name, value] = next_attribute(text);
      if (name.empty()) break;
      if (!http::same_word(name, "href")) continue;
      const auto url = page.resolve(without_entities(http::trimmed(value)));
      if (url) builder.add(*url, std::nullopt, false);
    }
  }
  return builder.take();
}

}  // namespace yam::service
