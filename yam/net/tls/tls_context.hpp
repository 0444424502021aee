#pragma once
// What all TLS connections of one side have in common: the certificate, the authorities, the rules (TLS 1.2
// or newer, no renegotiation, no compression, no tickets). Opened once, so that accepting reads no files.
// Never changes after that: a reload opens another, and connections keep the one they began with.

#include <memory>

#include "yam/net/tls/tls_options.hpp"

struct bio_method_st;
struct ssl_ctx_st;
struct x509_store_ctx_st;

namespace yam::net {

class TlsContext {
 public:
  // Shared by a server, or by whoever calls often, and by each stream made from it. Code::local for files
  // that cannot be read, Code::usage for a listening side without a certificate.
  static Result<std::shared_ptr<const TlsContext>> open(Side side, const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  Side side() const { return side_; }
  const std::string& sni() const { return sni_; }
  bool checks_chain() const { return checks_chain_; }
  ssl_ctx_st* native() const { return native_; }
  const bio_method_st* bio_method() const { return bio_method_; }

 private:
  TlsContext(Side side, const TlsOptions& options);
  Result<> set_up(const TlsOptions& options);
  Result<> use_identity(const Identity& identity);
  Result<> use_authorities(const TlsOptions& options);
  void use_alpn();
  int judge(x509_store_ctx_st& chain) const;

  Side side_;
  bool checks_chain_;  // dates and name too
  bool asks_peer_;     // wants to see a certificate at all
  std::string sni_;
  std::string alpn_wire_;  // each name behind its length (RFC 7301 §3.1)
  std::vector<std::string> pins_;
  ssl_ctx_st* native_;
  bio_method_st* bio_method_;
};

}  // namespace yam::net
