#pragma once
// What connect, listen and pipe have in common on their command lines: who may end a conversation and when,
// how messages are told apart, TLS, and what is shown. Turned here into the values that service/ works with.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yam/base/address/endpoint.hpp"
#include "yam/cli/arguments.hpp"
#include "yam/net/tls/identity.hpp"
#include "yam/service/exchange.hpp"
#include "yam/wire/converter.hpp"

namespace yam::cli {

struct RawOptions {
  std::string on_eof = "half-close";
  Duration idle = Duration(-1);
  Duration timeout = std::chrono::seconds(30);
  std::string until;
  std::string frame;
  std::string eol = "as-is";
  bool hex = false;
  bool json = false;
  bool verbose = false;
  std::optional<std::string> trace;

  bool tls = false;
  bool no_verify = false;
  std::string sni, alpn, ca, cert, key, client_ca;
  std::vector<std::string> pins;
  std::string bind;
  std::uint64_t source_port = 0;

  void declare_ending(Arguments& arguments);
  void declare_messages(Arguments& arguments);
  void declare_network(Arguments& arguments, Side side);
  void declare_view(Arguments& arguments);

  service::ExchangeRules rules() const;
  // Code::usage for what contradicts itself or cannot be read; asked before anybody is called or waited for.
  Result<void> check() const;

  // `text` as an endpoint, with the flags above as its options; those that mean nothing there are refused.
  Result<Endpoint> endpoint(const std::string& text, Side side) const;

  // What turns our input into messages, and what turns the peer's messages into lines (or, for a view, into
  // pieces); null when bytes pass as they are. After check().
  std::unique_ptr<wire::Converter> outgoing() const;
  std::unique_ptr<wire::Converter> incoming(bool for_view) const;
  // The peer's messages the same as before, each whole, for others who hear them.
  std::unique_ptr<wire::Converter> whole_messages() const;
  // How --hex and --json show what `peer` says; null without them.
  std::unique_ptr<wire::Converter> view(const std::string& peer) const;
  bool has_view() const { return hex || json; }
};

// The identity that this user's yam shows in TLS when none is given; made on first use.
Result<net::Identity> identity_for(const Endpoint& endpoint);

}  // namespace yam::cli
