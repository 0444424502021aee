#pragma once
// What can be said about a certificate, in words safe to print: names that came from the network have their
// control characters escaped. It judges nothing.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/result.hpp"

struct x509_st;
struct evp_pkey_st;

namespace yam::net {

struct CertificateFacts {
  std::string subject;             // "CN = example.org, O = Example"
  std::string issuer;              // the same as the subject when self-signed
  std::vector<std::string> names;  // subjectAltName: DNS names and IP addresses
  std::string expires;             // "2027-01-31T12:00:00Z"
  std::string pin;                 // "sha256//…", see pin_of

  bool operator==(const CertificateFacts&) const = default;
};

CertificateFacts facts_of(x509_st& certificate);

// "sha256//…" of its SubjectPublicKeyInfo.
std::string pin_of(x509_st& certificate);

struct CertificateFree {
  void operator()(x509_st* certificate) const;
};
struct KeyFree {
  void operator()(evp_pkey_st* key) const;
};
using CertificatePointer = std::unique_ptr<x509_st, CertificateFree>;
using KeyPointer = std::unique_ptr<evp_pkey_st, KeyFree>;

// All certificates of a PEM text, in order; none at all is an Error (Code::local) that begins with `what`.
Result<std::vector<CertificatePointer>> certificates_of(std::string_view pem, std::string_view what);
// The private key of a PEM text. Never asks for a passphrase: an encrypted key is an Error.
Result<KeyPointer> key_of(std::string_view pem, std::string_view what);

// The oldest of OpenSSL's complaints on this thread, in its words; the queue is empty after.
std::string openssl_words();

}  // namespace yam::net
