#pragma once
// Who we are towards a TLS peer: a certificate chain and its private key, as PEM text. It makes one out of
// nothing (self-signed) or reads one from files; where a made one is kept is the caller's business.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/result.hpp"

namespace yam::net {

struct Identity {
  static constexpr std::size_t file_bytes_max = 1024 * 1024;  // of PEM; a chain is a few KiB

  std::string certificate_pem;  // ours first, then its issuers
  std::string key_pem;          // a secret: never in a message, on disk 0600

  // An EC P-256 key and a self-signed certificate for `names` (DNS names and IP literals, at least one), good
  // for servers and clients, valid from an hour ago, so that a clock running late does not refuse it, until
  // `lifetime` from now. Fails with Code::usage for a name that no certificate can hold.
  static Result<Identity> generate(const std::vector<std::string>& names, std::chrono::seconds lifetime);

  // What a self-signed identity of this machine answers to: localhost, the host's name, the loopback
  // addresses.
  static std::vector<std::string> local_names();

  // Reads both, and checks that they belong together. An empty `key_path` means that the key lies in the
  // certificate's file. Code::local for what cannot be read or understood; an encrypted key is refused.
  static Result<Identity> load(const std::string& certificate_path, const std::string& key_path);

  bool operator==(const Identity&) const = default;
};

// The first certificate's key as curl's --pinnedpubkey writes it: "sha256//" and the base64 of the SHA-256 of
// its SubjectPublicKeyInfo (RFC 7469 §2.4).
Result<std::string> pin_of(std::string_view certificate_pem);

// "sha256//BASE64" of 32 bytes, the form that pin_of gives.
bool is_pin(std::string_view text);

// A file of PEM text, at most Identity::file_bytes_max; `what` names it in errors, as in "the certificate".
Result<std::string> read_pem_file(const std::string& path, std::string_view what);

}  // namespace yam::net
