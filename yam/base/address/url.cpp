#include "yam/base/address/url.hpp"

#include <algorithm>

#include "yam/base/address/authority.hpp"
#include "yam/base/address/percent.hpp"
#include "yam/base/text.hpp"

namespace yam {
namespace {

// RFC 3986 §3.1, in lower case.
Result<std::string> parse_scheme(Typed text) {
  std::string scheme(text.text());
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    char& c = scheme[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool letter = c >= 'a' && c <= 'z';
    const bool other = is_digit(c) || c == '+' || c == '-' || c == '.';
    if (!letter && (i == 0 || !other)) {
      return text.from(i).refuse(quoted(text.from(i).first(1).text()) + " cannot stand in a scheme");
    }
  }
  if (scheme.empty()) return text.refuse("no scheme", "write SCHEME://HOST:PORT/PATH");
  return scheme;
}

Result<> check_scheme(Typed text, const std::string& scheme, std::span<const std::string_view> schemes) {
  if (schemes.empty() || std::ranges::find(schemes, scheme) != schemes.end()) return {};
  std::string hint = "known are ";
  for (const auto& known : schemes) {
    if (&known != &schemes.front()) hint += ", ";
    hint += std::string(known) + "://";
  }
  if (const auto meant = nearest(scheme, schemes)) hint = "did you mean " + std::string(*meant) + "://?";
  return text.refuse("no scheme " + quoted(scheme) + " here", std::move(hint));
}

// Strict about escapes, easy about empty pieces: "a=1&&b" is two options.
Result<std::vector<Option>> parse_query(Typed text) {
  std::vector<Option> options;
  for (std::optional<Typed> rest = text; rest;) {
    const Typed::Cut piece = rest->cut('&');
    rest = piece.after;
    if (piece.before.empty()) continue;
    auto parsed = parse_options(piece.before);
    if (!parsed) return fail(parsed.error());
    options.push_back(std::move(parsed->front().option));
  }
  return options;
}

}  // namespace

Result<Url> Url::parse(std::string_view typed, std::span<const std::string_view> schemes) {
  const Typed text(typed);
  if (const auto line = check_line(text, url_bytes_max); !line) return fail(line.error());
  const std::size_t mark = text.text().find("://");
  if (mark == std::string_view::npos) return text.refuse("no scheme", "write SCHEME://HOST:PORT/PATH");

  Url url;
  auto scheme = parse_scheme(text.first(mark));
  if (!scheme) return fail(scheme.error());
  url.scheme = std::move(*scheme);
  if (const auto known = check_scheme(text, url.scheme, schemes); !known) return fail(known.error());

  const Typed::Cut at_hash = text.from(mark + 3).cut('#');
  const Typed::Cut at_question = at_hash.before.cut('?');
  const std::size_t slash = at_question.before.text().find('/');
  auto authority = parse_authority(at_question.before.first(slash));
  if (!authority) return fail(authority.error());
  url.host = std::move(authority->host);
  url.port = authority->port;

  const Typed path = at_question.before.from(slash);
  const Typed query = at_question.after.value_or(at_hash.before.end());
  const auto read = [](auto& into, auto&& result) -> Result<> {
    if (!result) return fail(result.error());
    into = std::move(*result);
    return {};
  };
  if (const auto done = read(url.path, percent_decoded(path)); !done) return fail(done.error());
  if (const auto done = read(url.wire_path, percent_normalized(path)); !done) return fail(done.error());
  if (const auto done = read(url.query, parse_query(query)); !done) return fail(done.error());
  if (const auto done = read(url.wire_query, percent_normalized(query)); !done) return fail(done.error());
  if (!at_hash.after) return url;
  if (const auto done = read(url.wire_fragment, percent_normalized(*at_hash.after)); !done) {
    return fail(done.error());
  }
  return url;
}

std::optional<std::string_view> Url::option(std::string_view name) const {
  return find_option(query, name);
}

std::string Url::target() const {
  return (wire_path.empty() ? "/" : wire_path) + (wire_query.empty() ? "" : "?" + wire_query);
}

std::string Url::to_string() const {
  return scheme + "://" + authority_to_string(host, port) + wire_path +
         (wire_query.empty() ? "" : "?" + wire_query) + (wire_fragment.empty() ? "" : "#" + wire_fragment);
}

}  // namespace yam
