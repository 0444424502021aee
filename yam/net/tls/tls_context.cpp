#include "yam/net/tls/tls_context.hpp"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "yam/base/text.hpp"
#include "yam/net/tls/tls_certificate.hpp"
#include "yam/net/tls/tls_cipher.hpp"
#include "yam/net/tls/tls_fault.hpp"

namespace yam::net {
namespace {

const unsigned char* octets(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// The server chooses, most wanted first; nothing in common ends the handshake (RFC 7301 §3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned int offered_bytes, void* ours_at) {
  const auto& ours = *static_cast<const std::string*>(ours_at);
  unsigned char* match = nullptr;
  const int found = SSL_select_next_proto(&match, chosen_bytes, octets(ours),
                                          static_cast<unsigned int>(ours.size()), offered, offered_bytes);
  *chosen = match;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::open(Side side, const TlsOptions& options) {
  ERR_clear_error();
  std::shared_ptr<TlsContext> context(new TlsContext(side, options));
  if (auto made = context->set_up(options); !made) return fail(made.error());
  return context;
}

TlsContext::TlsContext(Side side, const TlsOptions& options)
    : side_(side),
      checks_chain_(side == Side::calling
                        ? options.verify && (options.pins.empty() || !options.ca_file.empty())
                        : !options.client_ca_file.empty()),
      asks_peer_(checks_chain_ || !options.pins.empty()),
      sni_(options.sni),
      pins_(options.pins),
      native_(SSL_CTX_new(side == Side::calling ? TLS_client_method() : TLS_server_method())),
      bio_method_(TlsCipher::new_bio_method()) {
  for (const std::string& name : options.alpn) {
    alpn_wire_ += static_cast<char>(name.size());
    alpn_wire_ += name;
  }
}

TlsContext::~TlsContext() {
  SSL_CTX_free(native_);
  BIO_meth_free(bio_method_);
}

Result<> TlsContext::set_up(const TlsOptions& options) {
  if (native_ == nullptr || bio_method_ == nullptr)
    return fail(Code::local, "cannot set up TLS: " + openssl_words());
  SSL_CTX_set_min_proto_version(native_, TLS1_2_VERSION);
  SSL_CTX_set_options(native_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A client that sends and leaves without reading would answer unread tickets with a RST, and a RST throws
  // away what it sent.
  SSL_CTX_set_num_tickets(native_, 0);
  SSL_CTX_set_session_cache_mode(native_, SSL_SESS_CACHE_OFF);
  // An idle connection holds no record buffers (34 KiB otherwise).
  SSL_CTX_set_mode(native_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  use_alpn();

  const int demand = side_ == Side::listening ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(native_, asks_peer_ ? SSL_VERIFY_PEER | demand : SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_cert_verify_callback(
      native_,
      [](X509_STORE_CTX* chain, void* context) {
        return static_cast<const TlsContext*>(context)->judge(*chain);
      },
      this);
  if (auto used = use_authorities(options); !used) return used;

  if (options.cert_file.empty()) return use_identity(options.identity);
  const auto loaded = Identity::load(options.cert_file, options.key_file);
  if (!loaded) return fail(loaded.error());
  return use_identity(*loaded);
}

Result<> TlsContext::use_identity(const Identity& identity) {
  if (identity.certificate_pem.empty()) {
    if (side_ == Side::calling) return {};
    return fail(Code::usage, "cannot serve TLS without a certificate", "cert=FILE and key=FILE name ours");
  }
  const auto chain = certificates_of(identity.certificate_pem, "our certificate");
  if (!chain) return fail(chain.error());
  const auto key = key_of(identity.key_pem, "our key");
  if (!key) return fail(key.error());
  bool used = SSL_CTX_use_certificate(native_, chain->front().get()) == 1 &&
              SSL_CTX_use_PrivateKey(native_, key->get()) == 1;
  for (std::size_t i = 1; used && i < chain->size(); ++i)
    used = SSL_CTX_add1_chain_cert(native_, (*chain)[i].get()) == 1;
  if (!used) return fail(Code::local, "cannot use our certificate: " + openssl_words());
  return {};
}

Result<> TlsContext::use_authorities(const TlsOptions& options) {
  if (!checks_chain_) return {};
  const std::string& path = side_ == Side::calling ? options.ca_file : options.client_ca_file;
  if (path.empty()) {
    if (SSL_CTX_set_default_verify_paths(native_) == 1) return {};
    return fail(Code::local, "cannot read the system's certificate authorities: " + openssl_words());
  }
  const auto pem = read_pem_file(path, "the authorities in");
  if (!pem) return fail(pem.error());
  const auto authorities = certificates_of(*pem, "the authorities in " + quoted(path));
  if (!authorities) return fail(authorities.error());
  X509_STORE* store = SSL_CTX_get_cert_store(native_);
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);  // the file may name a server, not its authority
  for (const CertificatePointer& authority : *authorities) {
    if (X509_STORE_add_cert(store, authority.get()) != 1)
      return fail(Code::local, "cannot trust the authorities in " + quoted(path) + ": " + openssl_words());
    if (side_ == Side::listening) SSL_CTX_add_client_CA(native_, authority.get());
  }
  return {};
}

void TlsContext::use_alpn() {
  if (alpn_wire_.empty()) return;
  if (side_ == Side::calling) {
    SSL_CTX_set_alpn_protos(native_, octets(alpn_wire_), static_cast<unsigned int>(alpn_wire_.size()));
  } else {
    SSL_CTX_set_alpn_select_cb(native_, choose_protocol, &alpn_wire_);
  }
}

// The one place where a peer's certificate is believed or not: 1 or 0, as OpenSSL wants it.
int TlsContext::judge(X509_STORE_CTX& chain) const {
  X509* leaf = X509_STORE_CTX_get0_cert(&chain);
  X509_STORE_CTX_set_error(&chain, X509_V_OK);
  if (!pins_.empty() && std::ranges::find(pins_, pin_of(*leaf)) == pins_.end()) {
    X509_STORE_CTX_set_error(&chain, tls_pin_mismatch);
  } else if (!checks_chain_ || X509_verify_cert(&chain) == 1) {
    return 1;
  }
  // OpenSSL forgets a certificate that it refused; the message should still say what it was.
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(&chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* refused = static_cast<RefusedCertificate*>(SSL_get_app_data(ssl));
  if (refused != nullptr) *refused = {X509_STORE_CTX_get_error(&chain), facts_of(*leaf)};
  return 0;
}

}  // namespace yam::net
