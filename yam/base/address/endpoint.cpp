#include "yam/base/address/endpoint.hpp"

#include <algorithm>

#include "yam/base/address/authority.hpp"
#include "yam/base/address/endpoint_options.hpp"
#include "yam/base/address/percent.hpp"
#include "yam/base/text.hpp"

namespace yam {
namespace {

enum class Form { address, request, path, command };  // what follows the scheme

struct SchemeRow {
  Scheme scheme;
  std::string_view name;
  Form form;
  bool listens;
  std::optional<std::uint16_t> default_port;
};

constexpr SchemeRow scheme_rows[] = {
    {Scheme::tcp, "tcp", Form::address, true, {}},
    {Scheme::udp, "udp", Form::address, true, {}},
    {Scheme::tls, "tls", Form::address, true, {}},
    {Scheme::ws, "ws", Form::request, true, 80},
    {Scheme::wss, "wss", Form::request, true, 443},
    {Scheme::unix_stream, "unix", Form::path, true, {}},
    {Scheme::unix_datagram, "unixgram", Form::path, true, {}},
    {Scheme::exec, "exec", Form::command, false, {}},
    {Scheme::file, "file", Form::path, false, {}},
};

constexpr std::string_view scheme_names[] = {"tcp",  "udp",      "tls",  "ws",  "wss",
                                             "unix", "unixgram", "exec", "file"};
constexpr std::string_view service_names[] = {"http",    "https",   "irc",   "ircs",       "tftp",  "echo",
                                              "discard", "daytime", "greet", "fahrenheit", "inbox", "outbox"};

const SchemeRow* find_scheme(std::string_view name) {
  const auto row = std::ranges::find(scheme_rows, name, &SchemeRow::name);
  return row == std::end(scheme_rows) ? nullptr : row;
}

const SchemeRow& row_of(Scheme scheme) {
  return *std::ranges::find(scheme_rows, scheme, &SchemeRow::scheme);
}

bool is_path_like(const SchemeRow& row) {
  return row.form == Form::path || row.form == Form::command;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::unexpected<Error> refuse_scheme(Typed text, const std::string& name) {
  if (std::ranges::find(service_names, name) != std::end(service_names)) {
    return text.refuse(name + ":// is a service, no endpoint",
                       "'yam serve' hosts it, 'yam get' or 'yam chat' call it");
  }
  std::string hint =
      "an endpoint is tcp://, udp://, tls://, ws://, wss://, unix:, unixgram:, exec:, file: or -";
  if (const auto meant = nearest(name, scheme_names)) {
    hint = "did you mean " + std::string(*meant) + (is_path_like(*find_scheme(*meant)) ? ":?" : "://?");
  }
  return text.refuse("no scheme " + quoted(name), std::move(hint));
}

Result<> parse_options_into(Endpoint& endpoint, const std::optional<Typed>& text) {
  if (!text) return {};
  auto typed = parse_options(*text);
  if (!typed) return fail(typed.error());
  auto options = check_endpoint_options(endpoint.scheme, endpoint.side, std::move(*typed));
  if (!options) return fail(options.error());
  endpoint.options = std::move(*options);
  return {};
}

Result<> parse_host_port_into(Endpoint& endpoint, Typed text, std::optional<std::uint16_t> default_port) {
  auto authority = parse_authority(text);
  if (!authority) return fail(authority.error());
  if (!authority->port) authority->port = default_port;
  if (!authority->port) {
    const std::string host = authority->host.empty() ? "HOST" : authority_to_string(authority->host, {});
    const bool bare_number =
        !authority->host.empty() && authority->host.find_first_not_of("0123456789") == std::string::npos;
    return authority->port_text.refuse(
        "no port", bare_number ? "for port " + host + " write :" + host : "write " + host + ":PORT");
  }
  if (*authority->port == 0 && endpoint.side == Side::calling) {
    return authority->port_text.refuse("port 0 cannot be called", "a port is a number from 1 to 65535");
  }
  endpoint.host = std::move(authority->host);
  endpoint.port = *authority->port;
  return {};
}

Result<> parse_address(Endpoint& endpoint, Typed text) {
  const Typed::Cut parts = text.cut('?');
  const std::size_t behind = parts.before.text().find_first_of("/#");
  const auto done = parse_host_port_into(endpoint, parts.before.first(behind), {});
  if (!done) return done;
  if (behind != std::string_view::npos) {
    return parts.before.from(behind).refuse(std::string(name_of(endpoint.scheme)) + ":// takes no path");
  }
  return parse_options_into(endpoint, parts.after);
}

// The query is part of the request and goes to the peer; a fragment never does (RFC 6455 §3).
Result<> parse_request(Endpoint& endpoint, Typed text) {
  const std::size_t slash = std::min(text.text().find_first_of("/?#"), text.size());
  const auto done = parse_host_port_into(endpoint, text.first(slash), row_of(endpoint.scheme).default_port);
  if (!done) return done;
  const Typed target = text.from(slash);
  if (const std::size_t hash = target.text().find('#'); hash != std::string_view::npos) {
    return target.from(hash).refuse("a WebSocket address has no fragment", "write %23 for a number sign");
  }
  auto wire = percent_normalized(target);
  if (!wire) return fail(wire.error());
  endpoint.path = wire->starts_with('/') ? std::move(*wire) : "/" + *wire;
  return {};
}

Result<> parse_path(Endpoint& endpoint, Typed text) {
  const Typed::Cut parts = text.cut('?');
  Typed raw = parts.before;
  const std::string name(name_of(endpoint.scheme));
  if (raw.text().starts_with("///")) {
    raw = raw.from(2);  // file:///tmp/x, as URLs write it
  } else if (raw.text().starts_with("//")) {
    return raw.refuse("a host has no place before a path",
                      "write " + name + ":" + std::string(raw.from(2).text()));
  }
  if (raw.empty()) return raw.refuse("no path");
  auto path = percent_decoded(raw);
  if (!path) return fail(path.error());
  const bool on_unix = endpoint.scheme != Scheme::file;
  // An escaped '@' is a file whose name begins with it; a plain one, an abstract name.
  if (on_unix && path->starts_with('@') && raw.text().starts_with('%')) path->insert(0, "./");
  if (on_unix && *path == "@") return raw.from(1).refuse("no name after '@'");
  if (on_unix && path->size() > unix_path_bytes_max) {
    return raw.refuse("a socket's path has at most 107 bytes, this one " + std::to_string(path->size()));
  }
  endpoint.path = std::move(*path);
  return parse_options_into(endpoint, parts.after);
}

Result<> parse_command(Endpoint& endpoint, Typed text) {
  if (text.text().find_first_not_of(' ') == std::string_view::npos) return text.refuse("no command");
  endpoint.path = text.text();
  return {};
}

Result<Endpoint> parse_as(const SchemeRow& row, Typed whole, Typed rest, Side side) {
  if (side == Side::listening && !row.listens) return whole.refuse(std::string(row.name) + ": cannot listen");
  Endpoint endpoint;
  endpoint.scheme = row.scheme;
  endpoint.side = side;
  Result<> done;
  switch (row.form) {
    case Form::address:
      done = parse_address(endpoint, rest);
      break;
    case Form::request:
      done = parse_request(endpoint, rest);
      break;
    case Form::path:
      done = parse_path(endpoint, rest);
      break;
    case Form::command:
      done = parse_command(endpoint, rest);
      break;
  }
  if (!done) return fail(done.error());
  return endpoint;
}

Result<Endpoint> parse_stdio(Typed text, Side side) {
  if (side == Side::listening) return text.refuse("- cannot listen");
  if (text.size() > 1) return text.from(1).refuse("- takes no options");
  Endpoint endpoint;
  endpoint.scheme = Scheme::stdio;
  return endpoint;
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view typed, Side side) {
  Typed text(typed);
  if (const auto line = check_line(text, endpoint_bytes_max); !line) return fail(line.error());
  if (lower(text.first(7).text()) == "listen:") {
    text = text.from(7);
    side = Side::listening;
    if (text.empty()) return text.refuse("no endpoint after 'listen:'");
    if (lower(text.first(7).text()) == "listen:") return text.refuse("'listen:' stands twice");
  }
  if (text.text() == "-" || text.text().starts_with("-?")) return parse_stdio(text, side);

  const Typed::Cut parts = text.cut(':');
  const std::string name = lower(parts.before.text());
  const SchemeRow* row = find_scheme(name);
  const std::string_view rest = parts.after ? parts.after->text() : std::string_view();
  if (row && parts.after && is_path_like(*row)) return parse_as(*row, text, *parts.after, side);
  if (rest.starts_with("//")) {
    if (!row) return refuse_scheme(text, name);
    return parse_as(*row, text, parts.after->from(2), side);
  }
  if (row && parts.after) {
    return text.refuse(name + ": needs two slashes", "write " + name + "://" + std::string(rest));
  }
  if (rest.starts_with('/') || rest.starts_with('.') || rest.starts_with('@'))
    return refuse_scheme(text, name);
  return parse_as(row_of(Scheme::tcp), text, text, side);
}

std::optional<std::string_view> Endpoint::option(std::string_view name) const {
  return find_option(options, name);
}

std::string Endpoint::to_string() const {
  if (scheme == Scheme::stdio) return "-";
  const SchemeRow& row = row_of(scheme);
  const std::string begin(row.name);
  switch (row.form) {
    case Form::address:
      return begin + "://" + authority_to_string(host, port) + options_to_string(options);
    case Form::request:
      return begin + "://" +
             authority_to_string(host, port == row.default_port ? std::nullopt : std::optional(port)) + path;
    case Form::path:
      return begin + ":" + (path.starts_with("//") ? "//" : "") + percent_encoded(path, "?") +
             options_to_string(options);
    case Form::command:
      return begin + ":" + path;
  }
  return {};
}

std::string_view name_of(Scheme scheme) {
  return scheme == Scheme::stdio ? "-" : row_of(scheme).name;
}

}  // namespace yam
