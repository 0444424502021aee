#include "yam/net/tls/tls_fault.hpp"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace yam::net {

static_assert(tls_pin_mismatch == X509_V_ERR_APPLICATION_VERIFICATION);

namespace {

constexpr std::size_t names_shown_max = 5;

std::string names_text(const CertificateFacts& facts) {
  if (facts.names.empty()) return "no name";
  std::string text;
  for (std::size_t i = 0; i < facts.names.size() && i < names_shown_max; ++i)
    text += (i == 0 ? "" : ", ") + facts.names[i];
  return facts.names.size() > names_shown_max ? text + ", …" : text;
}

Error mismatch(const TlsPeer& peer, const RefusedCertificate& refused) {
  return {Code::identity,
          fmt::format("certificate of {}: it is for {}", peer.name, names_text(refused.facts)),
          fmt::format("?sni=NAME asks for another name, ?pin={} trusts this key, ?verify=none anyone",
                      refused.facts.pin)};
}

Error refused_certificate(const TlsPeer& peer, const RefusedCertificate& refused) {
  const std::string begin = fmt::format("certificate of {}: ", peer.name);
  const std::string& pin = refused.facts.pin;
  switch (refused.reason) {
    case tls_pin_mismatch:
      return {Code::identity, begin + "its key is not the pinned one",
              fmt::format("if this key is meant, say ?pin={}", pin)};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return mismatch(peer, refused);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {Code::identity, fmt::format("{}expired at {}", begin, refused.facts.expires),
              fmt::format("?pin={} trusts this key, ?verify=none anyone", pin)};
    default:
      break;
  }
  const char* words = X509_verify_cert_error_string(refused.reason);
  if (peer.our_side == Side::listening)
    return {Code::identity, begin + words, "?client-ca=FILE names the authorities whose clients may come in"};
  return {Code::identity, begin + words,
          fmt::format("?ca=FILE trusts its authority, ?pin={} this key, ?verify=none anyone", pin)};
}

// What the peer told us in an alert (RFC 8446 §6.2).
Error alert_fault(const std::string& begin, int alert) {
  const char* words = SSL_alert_desc_string_long(alert);
  switch (alert) {
    case TLS13_AD_CERTIFICATE_REQUIRED:
      return {Code::identity, begin + "it demands a certificate of ours", "?cert=FILE&key=FILE names it"};
    case SSL_AD_NO_APPLICATION_PROTOCOL:
      return {Code::identity, begin + "it speaks no protocol that we offer", "?alpn=NAME,NAME names them"};
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
      return {Code::identity, begin + "it does not trust our certificate: " + words, ""};
    default:
      return {Code::identity, begin + "it refused: " + words, ""};
  }
}

Error protocol_fault(const TlsPeer& peer, const std::string& begin, int reason, const std::string& words) {
  const bool calling = peer.our_side == Side::calling;
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return {Code::identity, begin + "what came is not TLS",
              calling ? "tcp:// talks to it without TLS" : "it may mean to talk without TLS"};
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return {Code::identity, begin + "it showed no certificate, and one is demanded", ""};
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return {Code::identity, begin + "it offers no protocol that we speak", "?alpn=NAME,NAME names ours"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return {Code::identity, begin + "it speaks no TLS as new as 1.2", ""};
    default:
      return {Code::identity, begin + words, ""};
  }
}

}  // namespace

Error tls_fault(const TlsPeer& peer, const RefusedCertificate& refused, bool in_handshake) {
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  const std::string words = openssl_words();
  if (refused.reason != 0) return refused_certificate(peer, refused);
  const std::string begin = fmt::format("TLS {}with {}: ", in_handshake ? "handshake " : "", peer.name);
  // From SSL_AD_REASON_OFFSET on, a reason is an alert that the peer sent.
  if (code != 0 && reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256)
    return alert_fault(begin, reason - SSL_AD_REASON_OFFSET);
  return protocol_fault(peer, begin, code == 0 ? 0 : reason, words);
}

}  // namespace yam::net
