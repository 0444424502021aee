#pragma once
// TLS over any other stream (OpenSSL 3; RFC 8446, RFC 5246). The peer's close_notify is a clean end; a
// carrier that ends without one, by FIN or by reset, is an Error of code identity, never a quiet success. It
// hands out no descriptors, renegotiates nothing, and resumes no sessions.
//
// Directions end one by one (RFC 8446 §6.1): finish() sends close_notify, and reading goes on until the
// peer's own; the carrier ends when both have said it. Read to the end before letting go: what was not read
// may turn into a RST, and that can overtake what the peer has not read yet.

#include "yam/net/stream.hpp"
#include "yam/net/tls/tls_cipher.hpp"
#include "yam/net/tls/tls_context.hpp"
#include "yam/net/tls/tls_fault.hpp"

struct ssl_st;

namespace yam::net {

// What a handshake agreed upon, safe to print.
struct TlsFacts {
  std::string version;                   // "TLSv1.3"
  std::string cipher;                    // "TLS_AES_256_GCM_SHA384"
  std::string alpn;                      // empty: none
  std::string sni;                       // the name that a caller asked us for; empty: none
  std::optional<CertificateFacts> peer;  // absent when it showed no certificate
};

class TlsStream final : public Stream {
 public:
  // The handshake, as the side that calls `host` (a name or an IP literal; a zone is ignored): after it, the
  // peer has proved to be who the options demand. Code::identity when it did not or when TLS failed,
  // Code::timeout at the deadline, the carrier's own faults otherwise. A server may still refuse our
  // certificate: in TLS 1.3 that comes with the first read.
  static Task<Result<std::unique_ptr<TlsStream>>> connect(Loop& loop, std::unique_ptr<Stream> carrier,
                                                          TlsOptions options, std::string host,
                                                          Time deadline);
  // The same without reading files: the context is shared with other connections.
  static Task<Result<std::unique_ptr<TlsStream>>> connect(Loop& loop, std::unique_ptr<Stream> carrier,
                                                          std::shared_ptr<const TlsContext> context,
                                                          std::string host, Time deadline);
  // The handshake as the side that was called.
  static Task<Result<std::unique_ptr<TlsStream>>> accept(Loop& loop, std::unique_ptr<Stream> carrier,
                                                         std::shared_ptr<const TlsContext> context,
                                                         Time deadline);
  ~TlsStream() override;

  TlsFacts facts() const;

  Watch::Readiness readable(Time deadline = never) override;

  Attempt try_read(ByteSpan into) override;
  // Takes at most TlsCipher::batch_bytes_max. What the carrier does not take at once goes when it can,
  // without the caller's help; nothing more is taken until then.
  Attempt try_write(std::span<const ByteView> parts) override;
  Attempt try_finish() override;
  Attempt try_flush() override { return flush(); }
  Watch& read_watch() override { return carrier_->read_watch(); }
  Watch& write_watch() override { return carrier_->write_watch(); }
  void abort() override { carrier_->abort(); }
  std::optional<int> socket() const override { return carrier_->socket(); }

 private:
  struct SslFree {
    void operator()(ssl_st* ssl) const;
  };
  // Waits on the carrier's write watch with what it did not take, while no write waits there.
  class Flusher final : public Waiter {
   public:
    explicit Flusher(TlsStream& stream);
    void run() override;

   private:
    TlsStream& stream_;
  };

  TlsStream(Loop& loop, std::unique_ptr<Stream> carrier, std::shared_ptr<const TlsContext> context,
            std::string peer_name);
  Result<> expect_host(const std::string& host);
  Task<Result<>> shake_hands(Time deadline);
  Error fault(bool in_handshake);

  Attempt fill();
  Attempt flush();
  Attempt decrypt(ByteSpan into);
  Result<std::size_t> encrypt(std::span<const ByteView> parts);
  Attempt finish_carrier();

  // Shared with the server and its other connections.
  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<Stream> carrier_;
  TlsCipher cipher_;
  TlsPeer peer_;
  RefusedCertificate refused_;
  std::unique_ptr<ssl_st, SslFree> ssl_;
  Watch always_;  // attached to nothing, so always writable: plaintext that is already here is due at once
  Flusher flusher_;
  std::optional<Error> read_fault_;
  std::optional<Error> write_fault_;
  std::size_t read_bytes_ = TlsCipher::read_bytes_min;
  bool peer_finished_ = false;  // its close_notify has come
  bool finishing_ = false;      // our close_notify is among what is to be sent
  bool carrier_finished_ = false;
};

}  // namespace yam::net
