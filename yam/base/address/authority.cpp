#include "yam/base/address/authority.hpp"

#include <algorithm>

#include "yam/base/address/ip.hpp"
#include "yam/base/text.hpp"

namespace yam {
namespace {

struct KnownPort {
  std::string_view name;
  std::uint16_t port;
};

// For hints alone: what people type where a number is expected.
constexpr KnownPort known_ports[] = {
    {"echo", 7},     {"discard", 9}, {"daytime", 13}, {"ftp", 21},     {"ssh", 22},     {"telnet", 23},
    {"smtp", 25},    {"domain", 53}, {"dns", 53},     {"tftp", 69},    {"http", 80},    {"pop3", 110},
    {"ntp", 123},    {"imap", 143},  {"snmp", 161},   {"irc", 6667},   {"ldap", 389},   {"https", 443},
    {"syslog", 514}, {"imaps", 993}, {"ircs", 6697},  {"mysql", 3306}, {"redis", 6379},
};

constexpr std::string_view port_range = "a port is a number from 1 to 65535";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Bytes beyond ASCII are let through: the resolver turns international names into their ASCII form.
bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' ||
         (static_cast<unsigned char>(c) >= 0x80);
}

bool looks_like_ipv6(std::string_view text) {
  text = text.substr(0, text.find('%'));
  return std::ranges::count(text, ':') >= 2 &&
         std::ranges::all_of(text, [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

std::string bracketed_form(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::string_view last = text.substr(colon + 1);
  const bool port_last = last.size() <= 5 && !last.empty() && std::ranges::all_of(last, is_digit) &&
                         looks_like_ipv6(text.substr(0, colon));
  if (!port_last) return "[" + std::string(text) + "]:PORT";
  return "[" + std::string(text.substr(0, colon)) + "]:" + std::string(last);
}

Result<std::string> parse_name(Typed text) {
  if (text.size() > host_bytes_max) {
    return text.from(host_bytes_max)
        .refuse("a host of more than " + std::to_string(host_bytes_max) + " bytes");
  }
  if (text.text().starts_with('-')) return text.refuse("a host cannot begin with '-'");
  const auto bad = std::ranges::find_if_not(text.text(), is_name_character);
  if (bad == text.text().end()) return std::string(text.text());
  const Typed at = text.from(static_cast<std::size_t>(bad - text.text().begin()));
  if (*bad == '@') return at.refuse("a user name has no place before a host");
  return at.refuse(quoted(at.first(1).text()) + " cannot stand in a host");
}

// What is between the brackets: an IPv6 address, and a zone behind % or %25 (RFC 6874).
Result<std::string> parse_bracketed(Typed text) {
  const Typed::Cut parts = text.cut('%');
  const auto address = IpAddress::parse(parts.before.text());
  if (!address || !address->is_v6()) {
    return parts.before.refuse(quoted(parts.before.text()) + " is no IPv6 address",
                               "only IPv6 addresses go in brackets");
  }
  std::string host(parts.before.text());
  if (!parts.after) return host;
  Typed zone = *parts.after;
  if (zone.size() > 2 && zone.text().starts_with("25")) zone = zone.from(2);
  if (zone.empty()) return zone.refuse("no interface after '%'");
  if (zone.size() > zone_bytes_max) return zone.refuse("an interface name has at most 15 bytes");
  const auto bad = std::ranges::find_if_not(zone.text(), is_name_character);
  if (bad != zone.text().end()) return zone.refuse(quoted(zone.text()) + " is no interface name");
  return host + "%" + std::string(zone.text());
}

}  // namespace

Result<std::uint16_t> parse_port(Typed text) {
  if (text.empty()) return text.refuse("no port after the colon", std::string(port_range));
  const auto port = parse_port(text.text());
  if (port) return *port;
  const auto known = std::ranges::find(known_ports, text.text(), &KnownPort::name);
  if (known == std::end(known_ports)) return text.refuse(port.error().what);
  return text.refuse(port.error().what, std::string(known->name) + " is port " + std::to_string(known->port));
}

Result<Authority> parse_authority(Typed text) {
  if (const std::size_t user = text.text().find('@'); user != std::string_view::npos) {
    return text.from(user).refuse("a user name has no place before a host");
  }
  Result<std::string> host;
  Typed rest = text;
  if (text.text().starts_with('[')) {
    const std::size_t close = text.text().find(']');
    if (close == std::string_view::npos) return text.refuse("no ']' closes this bracket");
    host = parse_bracketed(text.from(1).first(close - 1));
    rest = text.from(close + 1);
    if (host && !rest.empty() && !rest.text().starts_with(':')) {
      return rest.refuse("only a colon and a port may follow ']'");
    }
  } else {
    if (looks_like_ipv6(text.text())) {
      return text.refuse("an IPv6 address needs brackets", "write " + bracketed_form(text.text()));
    }
    const std::size_t colon = std::min(text.text().find(':'), text.size());
    host = parse_name(text.first(colon));
    rest = text.from(colon);
  }
  if (!host) return fail(host.error());
  if (rest.empty()) return Authority{std::move(*host), std::nullopt, rest};
  rest = rest.from(1);
  const auto port = parse_port(rest);
  if (!port) return fail(port.error());
  return Authority{std::move(*host), *port, rest};
}

std::string authority_to_string(std::string_view host, std::optional<std::uint16_t> port) {
  std::string out(host);
  if (host.contains(':')) {
    if (const std::size_t zone = out.find("%25"); zone != std::string::npos)
      out.insert(zone, "%25"), out.erase(zone + 3, 1);
    out = "[" + out + "]";
  }
  if (port) out += ":" + std::to_string(*port);
  return out;
}

}  // namespace yam
