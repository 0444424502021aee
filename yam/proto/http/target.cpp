#include "yam/proto/http/target.hpp"

#include <algorithm>
#include <cstddef>

#include "yam/base/address/ip.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::size_t host_bytes_max = 255;

bool escapes_are_whole(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1))
    if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return false;
  return true;
}

bool is_path_letter(char c) {
  return !is_control(c) && std::string_view(" \"#<>\\").find(c) == std::string_view::npos;
}

bool is_host_letter(char c) {
  return is_letter(c) || is_digit(c) || std::string_view("-._~%").find(c) != std::string_view::npos;
}

bool is_bracketed_v6(std::string_view text) {
  if (text.size() < 4 || text.front() != '[' || text.back() != ']') return false;
  const std::string_view inside = text.substr(1, text.size() - 2);
  if (inside.find('%') != std::string_view::npos) return false;  // a zone means nothing to another machine
  const auto address = IpAddress::parse(inside);
  return address && address->is_v6();
}

Checked<Target> take_path(std::string_view text, Target target) {
  if (!std::ranges::all_of(text, is_path_letter))
    return refuse(400, "a target with a letter that no URI has");
  if (!escapes_are_whole(text)) return refuse(400, "a target with a % that escapes nothing");
  const std::size_t question = text.find('?');
  target.path = text.substr(0, question);
  if (question != std::string_view::npos) target.query = text.substr(question + 1);
  return target;
}

Checked<Target> parse_absolute(std::string_view method, std::string_view text) {
  Target target;
  target.form = TargetForm::absolute;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return refuse(400, "a target in none of the four forms");
  target.scheme = text.substr(0, colon);
  if (!same_word(target.scheme, "http") && !same_word(target.scheme, "https"))
    return refuse(400, "a target whose scheme is neither http nor https");
  text.remove_prefix(colon + 3);
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  const auto host = parse_host(text.substr(0, end));
  if (!host) return refuse(host.error());
  if (host->name.empty()) return refuse(400, "a target without a host");
  target.host = *host;
  auto taken = take_path(text.substr(end), target);
  if (taken && taken->path.empty())  // RFC 9112 §3.2.1, §3.2.4
    taken->path = method == "OPTIONS" && !taken->query ? "*" : "/";
  return taken;
}

}  // namespace

Checked<Target> parse_target(std::string_view method, std::string_view text) {
  if (text.empty()) return refuse(400, "a request without a target");
  if (method == "CONNECT") {
    const auto host = parse_host(text);
    if (!host) return refuse(host.error());
    if (host->name.empty() || !host->port)
      return refuse(400, "a CONNECT that does not name a host and a port");
    return Target{TargetForm::authority, {}, {}, {}, *host};
  }
  if (text == "*") {
    if (method != "OPTIONS") return refuse(400, "a target of * where only OPTIONS has one");
    return Target{TargetForm::asterisk, text, {}, {}, {}};
  }
  if (text.front() == '/') return take_path(text, {});
  return parse_absolute(method, text);
}

Checked<Host> parse_host(std::string_view text) {
  if (text.empty()) return Host{};
  if (text.size() > host_bytes_max + 6) return refuse(400, "a host that is too long");
  const std::size_t bracket = text.front() == '[' ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return refuse(400, "a host that is malformed");
  const std::size_t colon = text.find(':', bracket);
  Host host{text.substr(0, colon), {}};
  const bool well_formed = text.front() == '[' ? is_bracketed_v6(host.name)
                                               : !host.name.empty() && escapes_are_whole(host.name) &&
                                                     std::ranges::all_of(host.name, is_host_letter);
  if (!well_formed) return refuse(400, "a host that is malformed");
  if (colon == std::string_view::npos || colon + 1 == text.size()) return host;
  const auto port = parse_digits(text.substr(colon + 1));
  if (!port || text.size() - colon > 6 || *port == 0 || *port > 65535)
    return refuse(400, "a host whose port is no port");
  host.port = static_cast<std::uint16_t>(*port);
  return host;
}

}  // namespace yam::proto::http
