#include "yam/base/address/endpoint_options.hpp"

#include <algorithm>
#include <string>

#include "yam/base/address/authority.hpp"
#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

namespace yam {
namespace {

using Mask = unsigned;
constexpr Mask bit(Scheme scheme) {
  return 1U << static_cast<unsigned>(scheme);
}
constexpr Mask bit(Side side) {
  return 1U << static_cast<unsigned>(side);
}

constexpr Mask tls = bit(Scheme::tls);
constexpr Mask on_ip = bit(Scheme::tcp) | bit(Scheme::udp) | tls;
constexpr Mask on_unix = bit(Scheme::unix_stream) | bit(Scheme::unix_datagram);
constexpr Mask calling = bit(Side::calling);
constexpr Mask listening = bit(Side::listening);
constexpr Mask either = calling | listening;

enum class OptionForm { text, duration, flag, port, octal, verify };

struct OptionRow {
  std::string_view name;
  Mask schemes;
  Mask sides;
  OptionForm form;
};

constexpr OptionRow option_rows[] = {
    {"bind", on_ip, calling, OptionForm::text},  // the address to call from; who listens writes it as HOST
    {"source-port", on_ip, calling, OptionForm::port},  // the port to call from
    {"timeout", on_ip, calling, OptionForm::duration},  // for connecting, as in 5s
    {"verify", tls, either, OptionForm::verify},        // peer: its certificate must hold; none: any will do
    {"sni", tls, calling, OptionForm::text},            // the name asked for, when it is not HOST
    {"alpn", tls, either, OptionForm::text},            // protocols offered, comma between
    {"ca", tls, calling, OptionForm::text},   // file of authorities that are trusted instead of the system's
    {"cert", tls, either, OptionForm::text},  // file with our certificate chain
    {"key", tls, either, OptionForm::text},   // file with our private key
    {"pin", tls, either, OptionForm::text},   // the peer's key, by its hash
    {"client-ca", tls, listening, OptionForm::text},  // file of authorities whose clients are let in
    {"bind", bit(Scheme::unix_datagram), calling, OptionForm::text},  // our own path, so that answers find us
    {"mode", on_unix, listening, OptionForm::octal},                  // permission of the socket
    {"mode", bit(Scheme::file), calling, OptionForm::octal},          // permission of a file that is made
    {"append", bit(Scheme::file), calling, OptionForm::flag},         // write behind what is there
};

bool knows(const OptionRow& row, Scheme scheme) {
  return (row.schemes & bit(scheme)) != 0;
}

std::vector<std::string_view> known_names(Scheme scheme, Side side) {
  std::vector<std::string_view> names;
  for (const OptionRow& row : option_rows) {
    if (knows(row, scheme) && (row.sides & bit(side)) != 0) names.push_back(row.name);
  }
  return names;
}

std::string hint_for(std::string_view name, Scheme scheme, Side side) {
  const auto names = known_names(scheme, side);
  std::string hint(name_of(scheme));
  hint += names.empty() ? " knows no options" : " knows ";
  for (const auto& known : names) {
    if (&known != &names.front()) hint += ", ";
    hint += known;
  }
  if (const auto meant = nearest(name, names)) hint = "did you mean '" + std::string(*meant) + "'? " + hint;
  return hint;
}

Result<> check_value(OptionForm form, const TypedOption& typed, const Typed& value) {
  const std::string& text = typed.option.value;
  const std::string name = typed.option.name;
  if (text.empty()) return value.refuse("option " + quoted(name) + " needs a value");
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return value.refuse("a control character in option " + quoted(name));
  }
  switch (form) {
    case OptionForm::text:
      return {};
    case OptionForm::duration: {
      const auto span = parse_duration(text);
      return span ? Result<>() : value.refuse(span.error().what, span.error().hint);
    }
    case OptionForm::flag:
      if (text == "yes" || text == "no") return {};
      return value.refuse(name + " is yes or no, not " + quoted(text));
    case OptionForm::verify:
      if (text == "peer" || text == "none") return {};
      return value.refuse(name + " is peer or none, not " + quoted(text));
    case OptionForm::octal:
      if (text.size() <= 4 && text.find_first_not_of("01234567") == std::string::npos &&
          (text.size() < 4 || text[0] == '0'))
        return {};
      return value.refuse(quoted(text) + " is no permission", "write it in octal: 600, 660, 666");
    case OptionForm::port: {
      const auto port = parse_port(value);
      if (!port) return fail(port.error());
      if (*port == 0) return value.refuse("port 0 cannot be chosen", "leave " + name + " out for any port");
      return {};
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Option>> check_endpoint_options(Scheme scheme, Side side, std::vector<TypedOption> typed) {
  std::vector<Option> options;
  for (TypedOption& one : typed) {
    const std::string name = one.option.name;
    const auto row = std::ranges::find_if(
        option_rows, [&](const OptionRow& each) { return each.name == name && knows(each, scheme); });
    if (row == std::end(option_rows)) {
      return one.name_text.refuse("no option " + quoted(name), hint_for(name, scheme, side));
    }
    if ((row->sides & bit(side)) == 0) {
      const std::string_view other = side == Side::calling ? "listening" : "calling";
      return one.name_text.refuse("option " + quoted(name) + " is for " + std::string(other),
                                  hint_for({}, scheme, side));
    }
    if (find_option(options, name)) return one.name_text.refuse("option " + quoted(name) + " stands twice");
    if (row->form == OptionForm::flag && !one.value_text) one.option.value = "yes";
    const auto checked = check_value(row->form, one, one.value_text.value_or(one.name_text));
    if (!checked) return fail(checked.error());
    options.push_back(std::move(one.option));
  }
  return options;
}

}  // namespace yam
