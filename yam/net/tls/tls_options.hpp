#pragma once
// How one side of a TLS connection wants to be: whom it trusts, who it is, what it offers. Only wishes; files
// are read when a TlsContext is opened.

#include <string>
#include <string_view>
#include <vector>

#include "yam/base/address/endpoint.hpp"
#include "yam/net/tls/identity.hpp"

namespace yam::net {

struct TlsOptions {
  TlsOptions() = default;  // no aggregate: g++ 12 destroys those twice inside a co_await

  // The peer's certificate must hold: chain, dates and name. A listening side asks for a certificate only
  // when client_ca_file or pins are set.
  bool verify = true;
  std::string sni;                // calling: the name asked for and verified, when it is not the host
  std::vector<std::string> alpn;  // most wanted first; at most 255 bytes each (RFC 7301 §3.1)
  std::string ca_file;            // calling: authorities trusted instead of the system's
  std::string client_ca_file;     // listening: demand a client certificate that one of these has signed
  std::string cert_file;          // our certificate chain
  std::string key_file;           // empty: in cert_file
  Identity identity;              // ours, when cert_file is empty

  // "sha256//…" (see pin_of): the peer's key must be one of these. That alone is enough, for who holds the
  // key is the peer meant: chain, dates and name are asked for besides only when a ca_file is named as well.
  std::vector<std::string> pins;

  // The endpoint's verify, sni, alpn, ca, cert, key, pin (several with ';' between, as curl takes them) and
  // client-ca. Code::usage for values without sense and for combinations that contradict each other.
  static Result<TlsOptions> from(const Endpoint& endpoint);
};

}  // namespace yam::net
