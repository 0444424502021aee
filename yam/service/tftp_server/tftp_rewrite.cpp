#include "yam/service/tftp_server/tftp_rewrite.hpp"

#include <algorithm>
#include <regex>

#include "yam/base/text.hpp"
#include "yam/service/tftp_server/tftp_settings.hpp"

namespace yam::service {

struct TftpRewrite::Pattern {
  std::regex expression;
};

namespace {

// The breadth-first matcher of libstdc++: no recursion over the name (which the plain one does, some hundred
// bytes of stack for each byte of it), and no time beyond a polynomial.
constexpr auto flags = std::regex::ECMAScript | std::regex::optimize | std::regex_constants::__polynomial;

Result<> check_replacement(std::string_view with, std::size_t groups) {
  const auto refuse = [&](const std::string& why, std::string hint) {
    return fail(Code::usage, "with " + quoted(with) + ": " + why, std::move(hint));
  };
  if (std::ranges::any_of(with, is_control)) return refuse("it has a control character", "");
  for (std::size_t at = with.find('$'); at != with.npos; at = with.find('$', at + 2)) {
    const char next = at + 1 < with.size() ? with[at + 1] : '\0';
    if (next == '$') continue;
    if (!is_digit(next)) return refuse("a group follows '$', or another '$'", "write $1, or $$ for a dollar");
    if (static_cast<std::size_t>(next - '0') > groups)
      return refuse(std::string("there is no group ") + next, "groups are in parentheses, from 1 on");
  }
  return {};
}

}  // namespace

Result<TftpRewrite> TftpRewrite::compile(std::string_view match, std::string_view with) {
  const std::string too_long = "longer than " + std::to_string(text_bytes_max) + " bytes";
  if (match.empty()) return fail(Code::usage, "an empty match fits no name");
  if (match.size() > text_bytes_max) return fail(Code::usage, "match " + quoted(match) + ": " + too_long);
  if (with.size() > text_bytes_max) return fail(Code::usage, "with " + quoted(with) + ": " + too_long);
  TftpRewrite rule;
  rule.match_ = match;
  rule.with_ = with;
  try {
    rule.pattern_ = std::make_shared<const Pattern>(std::regex(rule.match_, flags));
  } catch (const std::regex_error& fault) {
    const bool looks_back = fault.code() == std::regex_constants::error_complexity;
    return fail(Code::usage, "match " + quoted(match) + " is no regular expression that can be had here",
                looks_back ? "back references are not taken: they may take for ever" : fault.what());
  }
  const std::size_t groups = std::min<std::size_t>(rule.pattern_->expression.mark_count(), groups_max);
  if (const auto good = check_replacement(with, groups); !good) return fail(good.error());
  return rule;
}

std::optional<std::string> TftpRewrite::apply(std::string_view name, std::string_view client) const {
  std::match_results<std::string_view::const_iterator> found;
  if (!std::regex_match(name.begin(), name.end(), found, pattern_->expression)) return std::nullopt;
  std::string renamed;
  std::string_view rest = with_;
  while (!rest.empty()) {
    std::size_t taken = 1;
    if (rest.starts_with(client_mark)) {
      taken = client_mark.size();
      renamed += client;
    } else if (rest.front() != '$') {
      renamed += rest.front();
    } else {
      taken = 2;
      if (rest[1] == '$') {
        renamed += '$';
      } else {
        const auto& group = found[static_cast<std::size_t>(rest[1] - '0')];
        renamed.append(group.first, group.second);
      }
    }
    rest.remove_prefix(taken);
  }
  return renamed;
}

}  // namespace yam::service
