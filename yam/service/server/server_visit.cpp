#include "yam/service/server/server_visit.hpp"

#include <array>
#include <sys/socket.h>

#include "yam/net/socket/socket_address.hpp"
#include "yam/service/small/inbox.hpp"
#include "yam/service/small/outbox.hpp"
#include "yam/service/small/service_streams.hpp"

namespace yam::service {

Visit::Visit(Hosting& hosting, std::shared_ptr<const Offer> offer, std::unique_ptr<net::FdStream> stream,
             Admission::Ticket ticket)
    : hosting_(hosting),
      offer_(std::move(offer)),
      older_(hosting.newest),
      stream_(std::move(stream)),
      ticket_(std::move(ticket)) {
  if (older_ != nullptr) older_->newer_ = this;
  hosting_.newest = this;
}

Visit::~Visit() {
  if (older_ != nullptr) older_->newer_ = newer_;
  (newer_ != nullptr ? newer_->older_ : hosting_.newest) = older_;
}

std::string Visit::peer() const {
  const auto socket = stream_->socket();
  return socket ? net::peer_address_of(*socket).to_string() : std::string();
}

ServerEvent Visit::event(ServerEvent::Kind kind) const {
  ServerEvent event;
  event.kind = kind;
  event.service = service().facts().scheme;
  return event;
}

void Visit::ask_to_leave() {
  is_leaving_ = true;
  if (service().kind == ServiceKind::inbox || in_request_ || !stream_) return;
  if (const auto socket = stream_->socket()) ::shutdown(*socket, SHUT_RD);
}

void Visit::cut_off() {
  if (!stream_) return;
  if (const auto socket = stream_->socket()) ::shutdown(*socket, SHUT_RDWR);
}

Result<std::size_t> Visit::send_now(ByteView bytes) {
  if (bytes.empty()) return 0;
  const net::Attempt took = stream_->try_write(std::array{bytes});
  return took ? *took : 0;
}

net::Task<bool> send_rest(Visit& visit, Bytes rest) {
  const auto sent = co_await visit.stream().write(rest, visit.hosting().idle_deadline());
  co_return sent.has_value();
}

net::Task<> take_leave(Visit& visit) {
  if (const auto finished = visit.stream().try_finish(); finished && !*finished) co_return;
  const Time deadline = after(visit.loop().now(), linger_limit);
  for (;;) {
    if (!co_await visit.stream().readable(deadline)) co_return;
    const auto got = visit.stream().try_read(visit.loop().scratch());
    if (!got) continue;
    if (!*got || **got == 0) co_return;
  }
}

net::Task<> converse(std::unique_ptr<Visit> visit) {
  switch (visit->service().kind) {
    case ServiceKind::echo:
      return echo(std::move(visit));
    case ServiceKind::discard:
      return discard(std::move(visit));
    case ServiceKind::daytime:
      return tell_time(std::move(visit));
    case ServiceKind::greet:
    case ServiceKind::fahrenheit:
      return answer_texts(std::move(visit));
    case ServiceKind::inbox:
      return receive_file(std::move(visit));
    case ServiceKind::outbox:
      return send_file(std::move(visit));
    case ServiceKind::tftp:  // has no connections
    case ServiceKind::http:  // HttpServer::converse
    case ServiceKind::https:
      break;
  }
  return {};
}

}  // namespace yam::service
