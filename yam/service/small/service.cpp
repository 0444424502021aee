#include "yam/service/small/service.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "yam/base/address/url.hpp"
#include "yam/base/text.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

constexpr std::array facts{
    ServiceFacts{ServiceKind::echo, "echo", 7007, true, true, false, "sends back what comes (RFC 862)"},
    ServiceFacts{ServiceKind::discard, "discard", 7009, true, true, false,
                 "throws away what comes (RFC 863)"},
    ServiceFacts{ServiceKind::daytime, "daytime", 7013, true, true, false, "says the time (RFC 867)"},
    ServiceFacts{ServiceKind::greet, "greet", 9999, true, true, false, "greets by name, until `exit`"},
    ServiceFacts{ServiceKind::fahrenheit, "fahrenheit", 9998, true, true, false, "turns °C into °F"},
    ServiceFacts{ServiceKind::inbox, "inbox", 7891, true, false, true, "saves the file that a peer sends"},
    ServiceFacts{ServiceKind::outbox, "outbox", 7890, true, false, true, "sends the file whose name comes"},
    ServiceFacts{ServiceKind::tftp, "tftp", 6969, false, true, true, "gives out files (RFC 1350)"},
    ServiceFacts{ServiceKind::http, "http", 8080, true, false, true, "gives out files (RFC 9110)"},
    ServiceFacts{ServiceKind::https, "https", 8443, true, false, true, "the same over TLS"},
};

// Service URLs that yam has, and that are not served yet.
constexpr std::array<std::string_view, 2> schemes_to_come{"irc", "ircs"};

std::string served_schemes() {
  std::string list;
  for (const ServiceFacts& each : facts)
    list += (list.empty() ? "" : ", ") + std::string(each.scheme) + "://";
  return list;
}

std::unexpected<Error> refuse(std::string_view url, const std::string& fault, std::string hint) {
  return fail(Code::usage, escaped(url) + ": " + fault, std::move(hint));
}

bool is_http(ServiceKind kind) {
  return kind == ServiceKind::http || kind == ServiceKind::https;
}

Result<> check_options(std::string_view text, const Url& url, const ServiceFacts& kind) {
  std::vector<std::string_view> known;
  if (kind.has_folder) known.push_back("root");
  if (kind.kind == ServiceKind::inbox) {
    known.push_back("answer");
    known.push_back("name");
  }
  if (kind.kind == ServiceKind::tftp) std::ranges::copy(tftp_option_names(), std::back_inserter(known));
  if (is_http(kind.kind)) std::ranges::copy(http_option_names(), std::back_inserter(known));
  if (kind.kind == ServiceKind::https) std::ranges::copy(https_option_names(), std::back_inserter(known));
  std::string hint = known.empty() ? std::string(kind.scheme) + ":// takes none" : "it takes ";
  for (const auto& each : known)
    hint += (&each == &known.front() ? "" : ", ") + std::string(each);
  for (const Option& option : url.query) {
    if (std::ranges::find(known, option.name) == known.end())
      return refuse(text, "no option " + quoted(option.name) + " here", hint);
    if (std::ranges::count(url.query, option.name, &Option::name) > 1)
      return refuse(text, "the option " + option.name + " comes twice", "");
  }
  return {};
}

// A path is an absolute folder, ?root= any; else the root of all services.
Result<> read_folder(std::string_view text, const Url& url, const ServiceDefaults& defaults,
                     Service& service) {
  const auto root = url.option("root");
  if (!service.facts().has_folder) {
    if (url.path.empty() || url.path == "/") return {};
    return refuse(text, "there is no folder to this service", "leave out " + escaped(url.path));
  }
  if (root && root->empty()) return refuse(text, "an empty root", "write ?root=DIR");
  if (root && !url.path.empty()) return refuse(text, "both a path and a root", "leave out one of them");
  if (url.path == "/")
    return refuse(text, "this path is the whole machine", "write ?root=/ if that is what you mean");
  service.may_make = !root && url.path.empty();
  service.folder = root ? std::string(*root) : url.path.empty() ? defaults.root : url.path;
  return {};
}

Result<> read_tftp(std::string_view text, const Url& url, Service& service) {
  auto settings = read_tftp_options(url);
  if (!settings) return refuse(text, settings.error().what, settings.error().hint);
  service.tftp = std::move(*settings);
  service.tftp.client_folder = take_client_folder(service.folder);
  if (service.tftp.client_folder.empty()) return {};
  if (const auto good = store::check_name(service.tftp.client_folder); !good)
    return refuse(text, good.error().what, "");
  return {};
}

}  // namespace

std::span<const ServiceFacts> all_services() {
  return facts;
}

const ServiceFacts& facts_of(ServiceKind kind) {
  return *std::ranges::find(facts, kind, &ServiceFacts::kind);
}

Result<Service> parse_service(std::string_view text, const ServiceDefaults& defaults) {
  std::vector<std::string_view> schemes;
  for (const ServiceFacts& each : facts)
    schemes.push_back(each.scheme);
  schemes.insert(schemes.end(), schemes_to_come.begin(), schemes_to_come.end());
  const auto url = Url::parse(text, schemes);
  if (!url) return fail(url.error());
  if (std::ranges::find(schemes_to_come, url->scheme) != schemes_to_come.end())
    return refuse(text, "this yam does not serve " + url->scheme + " yet", "it serves " + served_schemes());

  const ServiceFacts& kind = *std::ranges::find(facts, url->scheme, &ServiceFacts::scheme);
  if (const auto known = check_options(text, *url, kind); !known) return fail(known.error());
  if (!url->wire_fragment.empty()) return refuse(text, "a service has no #part", "");
  Service service;
  service.kind = kind.kind;
  service.host = url->host;
  service.port = url->port.value_or(kind.default_port);
  service.lan = defaults.lan;
  if (const auto read = read_folder(text, *url, defaults, service); !read) return fail(read.error());
  if (kind.kind == ServiceKind::tftp) {
    if (const auto options = read_tftp(text, *url, service); !options) return fail(options.error());
  }
  if (is_http(kind.kind)) {
    auto settings = read_http_options(*url);
    if (!settings) return refuse(text, settings.error().what, settings.error().hint);
    service.http = std::move(*settings);
  }
  if (kind.kind != ServiceKind::inbox) return service;

  service.answer = url->option("answer").value_or(answer_default);
  service.name = url->option("name").value_or("");
  if (url->option("name")) {
    if (const auto good = store::check_name(service.name); !good) return refuse(text, good.error().what, "");
  }
  return service;
}

std::vector<Service> default_services(const ServiceDefaults& defaults) {
  std::vector<Service> services;
  for (const ServiceFacts& each : facts)
    if (each.kind != ServiceKind::https)
      services.push_back(parse_service(std::string(each.scheme) + "://", defaults).value());
  return services;
}

}  // namespace yam::service
