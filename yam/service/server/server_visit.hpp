#pragma once
// One peer's TCP connection while a service talks to it, and what the connections of a loop share. An idle
// visit is what a server has most of: it holds a stream, its place in the counts and nothing else.

#include <memory>
#include <optional>
#include <string>

#include "yam/net/fd_stream.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/tls/identity.hpp"
#include "yam/service/server/server_event.hpp"
#include "yam/service/server/server_refusals.hpp"
#include "yam/service/server/server_shared.hpp"
#include "yam/service/small/service.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

class Visit;

// What all conversations of one loop share.
struct Hosting {
  Hosting(net::Loop& l, ServerShared& shared, ServerObserver& o, const ServeLimits& limits_now)
      : loop(l),
        admission(shared.admission),
        quotas(shared.quotas),
        tftp(shared.tftp),
        http(shared.http),
        tus(shared.tus),
        observer(o),
        limits(limits_now),
        all_committed(l) {
    all_committed.set();
  }

  Time idle_deadline() const { return after(loop.now(), limits.idle); }

  net::Loop& loop;
  Admission& admission;
  FolderQuotas& quotas;
  TftpShared& tftp;
  HttpCounters& http;
  TusHolders& tus;
  ServerObserver& observer;
  ServeLimits limits;
  Visit* newest = nullptr;
  std::size_t commits = 0;   // files that have come whole and wait for the disk
  net::Event all_committed;  // set while there is none
  Refusals connections_refused;
  Refusals datagrams_refused;
};

// A file that has come whole and waits for the disk: a stopping server waits for it, too.
class Commit {
 public:
  explicit Commit(Hosting& hosting) : hosting_(hosting) {
    ++hosting_.commits;
    hosting_.all_committed.reset();
  }
  ~Commit() {
    if (--hosting_.commits == 0) hosting_.all_committed.set();
  }
  Commit(const Commit&) = delete;
  Commit& operator=(const Commit&) = delete;

 private:
  Hosting& hosting_;
};

class HttpSite;

// What is offered at a place.
struct Offer {
  Service service;
  std::optional<store::Folder> folder;  // for services that have one
  HttpSite* site = nullptr;             // http: answers instead of the folder, and outlives the offer
  net::Identity identity = {};          // https: shown instead of certificates of files; may be empty
};

class Visit {
 public:
  // The offer is shared with the place, which may close, and its other visits. `hosting` outlives the visit.
  Visit(Hosting& hosting, std::shared_ptr<const Offer> offer, std::unique_ptr<net::FdStream> stream,
        Admission::Ticket ticket);
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  Hosting& hosting() const { return hosting_; }
  net::Loop& loop() const { return hosting_.loop; }
  net::Stream& stream() { return *stream_; }
  // To put another one over it (TLS); there is none in between.
  std::unique_ptr<net::Stream> take_stream() { return std::move(stream_); }
  void put_stream(std::unique_ptr<net::Stream> stream) { stream_ = std::move(stream); }
  const Service& service() const { return offer_->service; }
  const store::Folder& folder() const { return *offer_->folder; }

  // For log lines; ask before anything is awaited: a reset takes the address with it.
  std::string peer() const;
  const IpAddress& peer_address() const { return ticket_.address(); }
  ServerEvent event(ServerEvent::Kind kind) const;

  // No more is read than has arrived already: the conversation then ends as if the peer had sent its FIN. Not
  // for an inbox, whose peer's FIN means that the file is whole, and not in the middle of a request, whose
  // answer will be the last.
  void ask_to_leave();
  bool is_leaving() const { return is_leaving_; }
  // The peer is heard no more, and hears nothing more.
  void cut_off();
  void set_in_request(bool in_request) { in_request_ = in_request; }
  Visit* older() const { return older_; }

  // What the system takes of `bytes` at once: a count, or a fault when the peer is gone.
  Result<std::size_t> send_now(ByteView bytes);

 private:
  Hosting& hosting_;
  std::shared_ptr<const Offer> offer_;
  Visit* older_ = nullptr;
  Visit* newer_ = nullptr;
  std::unique_ptr<net::Stream> stream_;
  bool is_leaving_ = false;
  bool in_request_ = false;
  Admission::Ticket ticket_;
};

// Sends what send_now() left; false when the peer is gone, or took nothing for the idle limit. A coroutine of
// its own, so that only a peer that does not read costs a buffer.
net::Task<bool> send_rest(Visit& visit, Bytes rest);

// Ends our side and waits, for linger_limit at most, for the peer to end his: closing over unread bytes
// would be a reset, which destroys what the peer has not read yet.
net::Task<> take_leave(Visit& visit);

// The whole conversation of the service that is visited.
net::Task<> converse(std::unique_ptr<Visit> visit);

}  // namespace yam::service
