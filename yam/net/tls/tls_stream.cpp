#include "yam/net/tls/tls_stream.hpp"

#include <algorithm>
#include <cassert>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "yam/base/address/ip.hpp"
#include "yam/base/text.hpp"

namespace yam::net {
namespace {

constexpr const char* cut_short =
    "the TLS connection was cut without close_notify; what was received may be incomplete";

// A reset cuts as a FIN without close_notify does.
Error as_cut(Error error) {
  if (error.code != Code::network) return error;
  return {Code::identity, error.what + ": " + cut_short, ""};
}

Error in_handshake_with(const std::string& peer, Error error) {
  if (error.code == Code::timeout) error.what = "time ran out";
  error.what = "TLS handshake with " + peer + ": " + error.what;
  return error;
}

}  // namespace

Task<Result<std::unique_ptr<TlsStream>>> TlsStream::connect(Loop& loop, std::unique_ptr<Stream> carrier,
                                                            TlsOptions options, std::string host,
                                                            Time deadline) {
  auto context = TlsContext::open(Side::calling, options);
  if (!context) co_return fail(context.error());
  co_return co_await connect(loop, std::move(carrier), *context, std::move(host), deadline);
}

Task<Result<std::unique_ptr<TlsStream>>> TlsStream::connect(Loop& loop, std::unique_ptr<Stream> carrier,
                                                            std::shared_ptr<const TlsContext> context,
                                                            std::string host, Time deadline) {
  assert(context->side() == Side::calling);
  std::unique_ptr<TlsStream> stream(new TlsStream(loop, std::move(carrier), std::move(context), host));
  if (auto expected = stream->expect_host(host); !expected) co_return fail(expected.error());
  auto shaken = co_await stream->shake_hands(deadline);
  if (!shaken) co_return fail(shaken.error());
  co_return stream;
}

Task<Result<std::unique_ptr<TlsStream>>> TlsStream::accept(Loop& loop, std::unique_ptr<Stream> carrier,
                                                           std::shared_ptr<const TlsContext> context,
                                                           Time deadline) {
  assert(context->side() == Side::listening);
  std::unique_ptr<TlsStream> stream(new TlsStream(loop, std::move(carrier), std::move(context), "the peer"));
  if (!stream->ssl_) co_return fail(Code::local, "cannot set up TLS: " + openssl_words());
  SSL_set_accept_state(stream->ssl_.get());
  auto shaken = co_await stream->shake_hands(deadline);
  if (!shaken) co_return fail(shaken.error());
  co_return stream;
}

TlsStream::TlsStream(Loop& loop, std::unique_ptr<Stream> carrier, std::shared_ptr<const TlsContext> context,
                     std::string peer_name)
    : context_(std::move(context)),
      carrier_(std::move(carrier)),
      peer_{context_->side(), std::move(peer_name)},
      ssl_(SSL_new(context_->native())),
      always_(loop),
      flusher_(*this) {
  BIO* bio = ssl_ ? cipher_.new_bio(context_->bio_method()) : nullptr;
  if (bio == nullptr) {
    ssl_.reset();
    return;
  }
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), &refused_);
}

TlsStream::~TlsStream() {
  carrier_->write_watch().forget(flusher_);
}

void TlsStream::SslFree::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

// What to ask for (RFC 6066 §3: never an address) and what the certificate must say (RFC 9525).
Result<> TlsStream::expect_host(const std::string& host) {
  if (!ssl_) return fail(Code::local, "cannot set up TLS: " + openssl_words());
  SSL* ssl = ssl_.get();
  SSL_set_connect_state(ssl);
  const std::string name = context_->sni().empty() ? host.substr(0, host.find('%')) : context_->sni();
  bool set = true;
  if (IpAddress::parse(name)) {
    set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
  } else {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    set = SSL_set_tlsext_host_name(ssl, name.c_str()) == 1 && SSL_set1_host(ssl, name.c_str()) == 1;
  }
  if (set) return {};
  ERR_clear_error();
  return fail(Code::usage, "TLS cannot ask for the name " + quoted(name));
}

Task<Result<>> TlsStream::shake_hands(Time deadline) {
  for (;;) {
    ERR_clear_error();
    const int outcome = SSL_do_handshake(ssl_.get());
    std::optional<Error> failed;
    if (outcome != 1 && SSL_get_error(ssl_.get(), outcome) != SSL_ERROR_WANT_READ) failed = fault(true);
    if (!cipher_.out.empty()) {  // what we say, an alert about its failure included
      const auto sent = co_await carrier_->write(cipher_.out.view(), deadline);
      if (!sent && !failed) failed = in_handshake_with(peer_.name, sent.error());
      cipher_.out.consume(cipher_.out.size());
    }
    if (failed) co_return fail(std::move(*failed));
    if (outcome == 1) co_return {};
    const ByteSpan room = cipher_.in.room(TlsCipher::read_bytes_min);
    const auto came = co_await carrier_->read(room, deadline);
    if (!came) co_return fail(in_handshake_with(peer_.name, came.error()));
    if (*came == 0) {
      const std::string what = "TLS handshake with " + peer_.name + ": the peer hung up";
      co_return fail(Code::identity, what);
    }
    cipher_.in.commit(*came);
  }
}

Error TlsStream::fault(bool in_handshake) {
  return tls_fault(peer_, refused_, in_handshake);
}

Watch::Readiness TlsStream::readable(Time deadline) {
  if (read_fault_ || peer_finished_) return always_.writable(deadline);
  std::byte first{};
  std::size_t count = 0;
  ERR_clear_error();
  const int outcome = SSL_peek_ex(ssl_.get(), &first, 1, &count);
  if (outcome == 1 || SSL_get_error(ssl_.get(), outcome) != SSL_ERROR_WANT_READ) {
    if (outcome != 1 && SSL_get_error(ssl_.get(), outcome) != SSL_ERROR_ZERO_RETURN)
      read_fault_ = fault(false);
    flush();
    return always_.writable(deadline);
  }
  cipher_.in.release();
  cipher_.out.release();
  read_bytes_ = TlsCipher::read_bytes_min;
  return carrier_->readable(deadline);
}

Attempt TlsStream::try_read(ByteSpan into) {
  if (into.empty()) return 0;
  std::size_t count = 0;
  while (count == 0) {
    if (read_fault_) return fail(*read_fault_);
    if (peer_finished_) {
      if (finishing_) finish_carrier();  // whole and over, whatever becomes of the carrier's end
      return 0;
    }
    const Attempt plain = decrypt(into);
    flush();  // what TLS had to say to that; a fault shows with the next write
    if (plain) {
      if (!*plain) {
        read_fault_ = plain->error();
        continue;
      }
      count = **plain;
      continue;
    }
    const Attempt came = fill();
    if (!came) return came;
    if (!*came) {
      read_fault_ = as_cut(came->error());
    } else if (**came == 0) {
      read_fault_ = Error{Code::identity, cut_short, ""};
    }
  }
  return count;
}

// As much as is here, up to `into`: 0 with peer_finished_ at the close_notify, nothing when more must come.
Attempt TlsStream::decrypt(ByteSpan into) {
  std::size_t total = 0;
  while (total < into.size()) {
    std::size_t count = 0;
    ERR_clear_error();
    const int outcome = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &count);
    if (outcome == 1) {
      total += count;
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), outcome);
    if (why == SSL_ERROR_WANT_READ) return total != 0 ? Attempt(total) : std::nullopt;
    if (why == SSL_ERROR_ZERO_RETURN) {
      peer_finished_ = true;
      return total;
    }
    if (total == 0) return fail(fault(false));
    read_fault_ = fault(false);
    return total;
  }
  return total;
}

// OpenSSL has taken all that came: more, as much at once as the carrier turns out to give.
Attempt TlsStream::fill() {
  assert(cipher_.in.empty());
  const ByteSpan room = cipher_.in.room(read_bytes_).first(read_bytes_);
  const Attempt came = carrier_->try_read(room);
  if (!came || !*came) return came;
  cipher_.in.commit(**came);
  if (**came == read_bytes_) read_bytes_ = std::min(4 * read_bytes_, TlsCipher::read_bytes_max);
  return came;
}

Attempt TlsStream::flush() {
  if (write_fault_) return fail(*write_fault_);
  while (!cipher_.out.empty()) {
    const ByteView all = cipher_.out.view();
    Attempt took = carrier_->try_write({&all, 1});
    if (took && !*took) {
      write_fault_ = peer_finished_ ? took->error() : as_cut(took->error());
      return fail(*write_fault_);
    }
    if (!took) return took;
    cipher_.out.consume(**took);
  }
  return 0;
}

Attempt TlsStream::try_write(std::span<const ByteView> parts) {
  if (write_fault_) return fail(*write_fault_);
  if (finishing_) return fail(Code::local, "cannot write: our direction of the TLS connection has ended");
  const Attempt before = flush();
  if (!before || !*before) return before;
  const auto taken = encrypt(parts);
  if (!taken) return fail(taken.error());
  const Attempt after = flush();
  if (after && !*after) return after;
  if (!after) write_watch().expect_writable(flusher_);
  return *taken;
}

Result<std::size_t> TlsStream::encrypt(std::span<const ByteView> parts) {
  std::size_t offered = 0;
  for (const ByteView part : parts)
    offered += part.size();
  const std::size_t batch = std::min(offered, TlsCipher::batch_bytes_max);
  const std::size_t records = batch / TlsCipher::plain_record_bytes_max + parts.size();
  constexpr std::size_t usual_overhead_bytes = 64;  // more only makes the buffer grow
  if (batch != 0) cipher_.out.room(batch + records * usual_overhead_bytes);

  std::size_t taken = 0;
  for (ByteView part : parts) {
    part = part.first(std::min(part.size(), batch - taken));
    while (!part.empty()) {
      std::size_t count = 0;
      ERR_clear_error();
      if (SSL_write_ex(ssl_.get(), part.data(), part.size(), &count) != 1) {
        write_fault_ = fault(false);
        return fail(*write_fault_);
      }
      part = part.subspan(count);
      taken += count;
    }
  }
  return taken;
}

Attempt TlsStream::try_finish() {
  if (write_fault_) return fail(*write_fault_);
  if (!finishing_) {
    ERR_clear_error();
    if (SSL_shutdown(ssl_.get()) < 0) {
      write_fault_ = fault(false);
      return fail(*write_fault_);
    }
    finishing_ = true;
  }
  const Attempt flushed = flush();
  if (!flushed || !*flushed) return flushed;
  return peer_finished_ ? finish_carrier() : 0;
}

// Both have said their last: the carrier's end follows. A proxy may take an earlier FIN for a client that
// left, and drop what it was about to answer.
Attempt TlsStream::finish_carrier() {
  if (carrier_finished_ || !cipher_.out.empty()) return 0;
  Attempt finished = carrier_->try_finish();
  carrier_finished_ = finished.has_value();
  return finished;
}

TlsFacts TlsStream::facts() const {
  TlsFacts facts;
  facts.version = SSL_get_version(ssl_.get());
  facts.cipher = SSL_get_cipher_name(ssl_.get());
  const unsigned char* alpn = nullptr;
  unsigned int alpn_bytes = 0;
  SSL_get0_alpn_selected(ssl_.get(), &alpn, &alpn_bytes);
  if (alpn_bytes != 0) facts.alpn = escaped({reinterpret_cast<const char*>(alpn), alpn_bytes});
  const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  if (name != nullptr && context_->side() == Side::listening) facts.sni = escaped(name);
  if (X509* certificate = SSL_get0_peer_certificate(ssl_.get())) facts.peer = facts_of(*certificate);
  return facts;
}

TlsStream::Flusher::Flusher(TlsStream& stream)
    : Waiter(stream.write_watch().loop().timers()), stream_(stream) {}

void TlsStream::Flusher::run() {
  const Attempt flushed = stream_.flush();
  if (!flushed) stream_.write_watch().expect_writable(*this);
}

}  // namespace yam::net
