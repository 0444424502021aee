#include "yam/net/tls/tls_options.hpp"

#include "yam/base/text.hpp"

namespace yam::net {
namespace {

constexpr std::size_t alpn_name_bytes_max = 255;
constexpr std::size_t alpn_names_max = 16;
constexpr std::size_t pins_max = 16;

std::vector<std::string> parts_of(std::string_view text, char between) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(between);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<> check_alpn(const std::vector<std::string>& names) {
  if (names.size() > alpn_names_max)
    return fail(Code::usage, "option alpn: more than " + std::to_string(alpn_names_max) + " protocols");
  for (const std::string& name : names) {
    if (name.empty() || name.size() > alpn_name_bytes_max)
      return fail(Code::usage, "option alpn: " + quoted(name) + " is no protocol name",
                  "write them with commas between: alpn=h2,http/1.1");
  }
  return {};
}

Result<> check_pins(const std::vector<std::string>& pins) {
  if (pins.size() > pins_max)
    return fail(Code::usage, "option pin: more than " + std::to_string(pins_max) + " pins");
  for (const std::string& pin : pins) {
    if (!is_pin(pin))
      return fail(Code::usage, "option pin: " + quoted(pin) + " is no pin",
                  "a pin is sha256// and 44 characters of base64, as curl --pinnedpubkey takes it");
  }
  return {};
}

}  // namespace

Result<TlsOptions> TlsOptions::from(const Endpoint& endpoint) {
  const auto text = [&](std::string_view name) { return std::string(endpoint.option(name).value_or("")); };
  TlsOptions options;
  options.verify = endpoint.option("verify") != "none";
  options.sni = text("sni");
  if (const auto alpn = endpoint.option("alpn")) options.alpn = parts_of(*alpn, ',');
  options.ca_file = text("ca");
  options.client_ca_file = text("client-ca");
  options.cert_file = text("cert");
  options.key_file = text("key");
  if (const auto pins = endpoint.option("pin")) options.pins = parts_of(*pins, ';');

  if (auto checked = check_alpn(options.alpn); !checked) return fail(checked.error());
  if (auto checked = check_pins(options.pins); !checked) return fail(checked.error());
  if (!options.key_file.empty() && options.cert_file.empty())
    return fail(Code::usage, "option key needs cert: a key without its certificate says nothing");
  if (!options.verify && !options.ca_file.empty())
    return fail(Code::usage, "options verify=none and ca contradict each other");
  if (!options.verify && !options.client_ca_file.empty())
    return fail(Code::usage, "options verify=none and client-ca contradict each other");
  const bool asks_clients = !options.client_ca_file.empty() || !options.pins.empty();
  if (endpoint.side == Side::listening && endpoint.option("verify") == "peer" && !asks_clients)
    return fail(Code::usage, "option verify=peer: whose clients may come in?",
                "client-ca=FILE names their authorities, pin=sha256//… their keys");
  return options;
}

}  // namespace yam::net
