#pragma once
// One service as an operator asks for it: what, where, and over which folder. Read from a URL
// (inbox://:7891/srv/in?name=report.txt); nothing is opened, looked up or created here.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/service/http_server/http_settings.hpp"
#include "yam/service/tftp_server/tftp_settings.hpp"

namespace yam::service {

enum class ServiceKind : std::uint8_t {
  echo,
  discard,
  daytime,
  greet,
  fahrenheit,
  inbox,
  outbox,
  tftp,
  http,
  https
};

// What is known of each kind, in the order in which people are told.
struct ServiceFacts {
  ServiceKind kind;
  std::string_view scheme;
  std::uint16_t default_port;  // needs no privilege
  bool has_tcp;
  bool has_udp;
  bool has_folder;
  std::string_view does;
};
std::span<const ServiceFacts> all_services();
const ServiceFacts& facts_of(ServiceKind kind);

inline constexpr std::string_view root_default = "./share";
inline constexpr std::string_view answer_default = "接收完成";

struct Service {
  ServiceKind kind = ServiceKind::echo;
  std::string host;        // a name or address; empty: this machine alone, or everybody when `lan`
  std::uint16_t port = 0;  // 0: any free one
  bool lan = false;        // a service without a host listens on every address
  std::string folder;      // of those that have one, as an operator writes paths
  bool may_make = false;   // the folder is the common root: made when it is missing
  std::string answer;      // inbox: what a peer gets for a file that has come whole
  std::string name;        // inbox: what each file is called (and numbered); empty: time and sender
  TftpSettings tftp;
  HttpSettings http;

  const ServiceFacts& facts() const { return facts_of(kind); }
  bool operator==(const Service&) const = default;
};

// What holds for every service unless its URL says otherwise.
struct ServiceDefaults {
  std::string root = std::string(root_default);
  bool lan = false;
};

// Code::usage, with the fault and what would be right: an unknown scheme or one that this yam does not serve,
// a path or an option that means nothing there, a port that is none.
Result<Service> parse_service(std::string_view url, const ServiceDefaults& defaults);

// What `yam serve` hosts when it is told nothing: one of each kind but https, on its default port.
std::vector<Service> default_services(const ServiceDefaults& defaults);

}  // namespace yam::service
