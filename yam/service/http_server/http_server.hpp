#pragma once
// An HTTP service at one place, on one loop: its connections, from the first byte to the last, and what they
// share. What an answer says is told elsewhere (http_site.hpp).
//
// For the loop's own thread.

#include <memory>
#include <string>

#include "yam/net/tls/tls_context.hpp"
#include "yam/service/archive/archive_stream.hpp"
#include "yam/service/http_server/http_clock.hpp"
#include "yam/service/http_server/http_desk.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/http_site/http_digests.hpp"
#include "yam/service/http_site/http_small_files.hpp"
#include "yam/service/http_write/http_access.hpp"
#include "yam/service/server/server_visit.hpp"

namespace yam::service {

// How long a head may take to come, and a TLS handshake: an idle connection may wait longer for its next
// request than a peer may take to say it (408). Never longer than the idle limit.
inline constexpr Duration http_head_limit = std::chrono::seconds(15);

class HttpServer {
 public:
  // Shared with its connections, which may outlive the place. `hosting` outlives it. Code::local for
  // certificates that cannot be read.
  static Result<std::shared_ptr<HttpServer>> open(Hosting& hosting, std::shared_ptr<const Offer> offer);

  // For connections from now on; as open(). What was there stays where it fails.
  Result<> read_identity_again();

  // The whole conversation of one visitor.
  static net::Task<> converse(std::shared_ptr<HttpServer> server, std::unique_ptr<Visit> visit);

  const store::Folder& folder() const { return *offer_->folder; }
  const HttpSettings& settings() const { return offer_->service.http; }
  Hosting& hosting() const { return hosting_; }
  FolderQuota& quota() const { return hosting_.quotas.of(*offer_->folder); }
  const HttpAccess& access() const { return *access_; }  // not where nobody writes
  const ArchiveSlots& archive_slots() const { return archive_slots_; }
  ContentEncoder::Slots& encoder_slots() { return encoder_slots_; }
  HttpDigests& digests() { return digests_; }
  bool is_secure() const { return tls_ != nullptr; }
  // Whether unfinished uploads that expired are to be looked for: it says so every ten minutes.
  bool is_sweep_due();

  HttpSmallFiles& small_files() { return small_files_; }

  // Of now, to the second.
  proto::http::Date date() { return clock_.now(); }

 private:
  HttpServer(Hosting& hosting, std::shared_ptr<const Offer> offer)
      : hosting_(hosting), offer_(std::move(offer)), clock_(hosting.loop) {}

  net::Task<bool> shake_hands(Visit& visit);
  net::Task<bool> answer_requests(Visit& visit);
  net::Task<Result<>> answer(HttpExchange& exchange);
  net::Task<bool> answer_one(Visit& visit, HttpDesk& desk);
  net::Task<bool> read_head_further(Visit& visit, HttpDesk& desk, Time deadline);
  net::Task<bool> flush(Visit& visit, HttpDesk& desk);
  void refuse(const Visit& visit, HttpDesk& desk, const proto::http::Refusal& refusal);
  void note(const HttpExchange& exchange, const Result<>& outcome);

  Hosting& hosting_;
  std::shared_ptr<const Offer> offer_;
  std::shared_ptr<const HttpAccess> access_;
  std::shared_ptr<const net::TlsContext> tls_;  // shared with connections; null: no TLS
  HttpDesks desks_;
  HttpSmallFiles small_files_;
  ArchiveSlots archive_slots_;
  ContentEncoder::Slots encoder_slots_;
  HttpDigests digests_;
  HttpClock clock_;
  Time swept_until_ = Time::min();
};

}  // namespace yam::service
