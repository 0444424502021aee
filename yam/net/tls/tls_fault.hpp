#pragma once
// What went wrong with TLS, in one line and a hint that names the option which would answer it.

#include "yam/base/address/endpoint.hpp"
#include "yam/net/tls/tls_certificate.hpp"

namespace yam::net {

// X509_V_ERR_APPLICATION_VERIFICATION: the certificate may hold, but its key is not a pinned one.
inline constexpr int tls_pin_mismatch = 50;

// A certificate that we did not believe, and why (an X509_V_ERR_ value; 0: none was refused).
struct RefusedCertificate {
  int reason = 0;
  CertificateFacts facts;
};

// Who the other side is to a person: "localhost", or "the peer" for one who called us.
struct TlsPeer {
  Side our_side;
  std::string name;
};

// Why the last OpenSSL call on a connection failed; empties OpenSSL's error queue. All are Code::identity.
Error tls_fault(const TlsPeer& peer, const RefusedCertificate& refused, bool in_handshake);

}  // namespace yam::net
