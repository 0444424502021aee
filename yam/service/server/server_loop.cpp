#include "yam/service/server/server_loop.hpp"

#include <algorithm>

#include "yam/service/http_server/http_server.hpp"
#include "yam/service/tftp_server/tftp_server.hpp"

namespace yam::service {

// One service at one place, on this loop.
struct ServerLoop::Door {
  Door(net::Loop& loop, const IpPort& p) : place(p), tasks(loop) {}

  std::shared_ptr<const Offer> offer;  // visits share it, and may outlive the door
  IpPort place;
  std::unique_ptr<net::Listener> listener;
  std::unique_ptr<net::DatagramSocket> datagrams;
  std::shared_ptr<TftpServer> tftp;  // shared with its transfers
  std::shared_ptr<HttpServer> http;  // shared with its connections
  net::Scope tasks;
};

ServerLoop::ServerLoop(net::Loop& loop, ServerShared& shared, ServerObserver& observer,
                       const ServeLimits& limits)
    : hosting_(loop, shared, observer, limits), visits_(loop) {}

ServerLoop::~ServerLoop() = default;

Result<> ServerLoop::open(const Service& service, const IpPort& place, bool reuse_port) {
  Offer offer;
  offer.service = service;
  if (service.facts().has_folder) {
    auto folder = store::Folder::open(service.folder);
    if (!folder) return fail(folder.error());
    offer.folder = std::move(*folder);
  }
  const auto opened = open(std::make_shared<const Offer>(std::move(offer)), place, reuse_port);
  return opened ? Result<>() : fail(opened.error());
}

Result<IpPort> ServerLoop::open(std::shared_ptr<const Offer> offer, const IpPort& place, bool reuse_port) {
  Door& door = doors_.emplace_back(hosting_.loop, place);
  const auto give_up = [this](const Error& error) {
    doors_.pop_back();
    return fail(error);
  };
  door.offer = std::move(offer);
  const Service& service = door.offer->service;
  if (service.kind == ServiceKind::http || service.kind == ServiceKind::https) {
    auto http = HttpServer::open(hosting_, door.offer);
    if (!http) return give_up(http.error());
    door.http = std::move(*http);
  }
  const auto address = net::SocketAddress::of(place);
  net::ListenOptions listen_options;
  listen_options.reuse_port = reuse_port;
  if (service.facts().has_tcp) {
    auto listener = net::Listener::open(hosting_.loop, address, listen_options);
    if (!listener) return give_up(listener.error());
    door.listener = std::move(*listener);
  }
  if (service.facts().has_udp) {
    const bool is_tftp = service.kind == ServiceKind::tftp;
    net::DatagramOptions datagram_options;
    datagram_options.reuse_port = reuse_port;
    if (is_tftp) datagram_options = TftpServer::socket_options(service, reuse_port);
    datagram_options.tell_called = place.address.is_unspecified();
    auto socket = net::DatagramSocket::bind(hosting_.loop, address, datagram_options);
    if (!socket) return give_up(socket.error());
    rule_.add(place.port);
    if (is_tftp) {
      door.tftp = std::make_shared<TftpServer>(hosting_, door.offer, visits_, std::move(*socket));
      door.tftp->begin();
    } else {
      door.datagrams = std::move(*socket);
      door.tasks.spawn(answer_datagrams(hosting_, service.kind, rule_, *door.datagrams));
    }
  }
  if (!door.listener) return place;
  door.tasks.spawn(receive_visitors(door));
  return IpPort{place.address, door.listener->address().ip()->port};
}

void ServerLoop::close(const Service& service, const IpPort& place) {
  doors_.remove_if([&](const Door& door) {
    const bool is_it = door.offer->service == service && door.place == place;
    if (is_it && door.tftp) door.tftp->close();
    return is_it;
  });
  rule_ = DatagramRule();
  for (const Door& door : doors_)
    if (door.offer->service.facts().has_udp) rule_.add(door.place.port);
}

void ServerLoop::read_identities_again() {
  for (const Door& door : doors_) {
    if (!door.http) continue;
    const auto read = door.http->read_identity_again();
    if (read) continue;
    ServerEvent event;
    event.service = door.offer->service.facts().scheme;
    event.error = read.error();
    event.error.what += "; the certificate of before stays";
    hosting_.observer.handle_event(event);
  }
}

net::Task<std::size_t> ServerLoop::leave(Time deadline) {
  for (const Door& door : doors_)
    if (door.tftp) {
      door.tftp->leave();
      if (door.offer->service.tftp.ports.is_single()) shared_.push_back(door.tftp);
    }
  doors_.clear();
  for (Visit* visit = hosting_.newest; visit != nullptr; visit = visit->older())
    visit->ask_to_leave();
  if (co_await visits_.drained(deadline)) co_return 0;
  // The bytes of these are all here: cut off, their peers would send them again.
  co_await hosting_.all_committed.wait(after(hosting_.loop.now(), commit_limit));
  const std::size_t cut_off = visits_.size();
  visits_.cancel();
  co_return cut_off;
}

net::Task<> ServerLoop::receive_visitors(Door& door) {
  for (;;) {
    auto accepted = co_await door.listener->accept();
    if (accepted) {
      receive(door, std::move(*accepted));
      continue;
    }
    ServerEvent event;
    event.service = door.offer->service.facts().scheme;
    event.error = accepted.error();
    hosting_.observer.handle_event(event);
    co_return;
  }
}

void ServerLoop::receive(Door& door, net::Accepted accepted) {
  const auto place = accepted.peer.ip();
  auto ticket = hosting_.admission.admit_connection(place ? place->address : IpAddress());
  if (!ticket) {
    accepted.stream->abort();
    note_refusal(door, accepted.peer, ticket.error());
    return;
  }
  auto visit = std::make_unique<Visit>(hosting_, door.offer, std::move(accepted.stream), std::move(*ticket));
  visits_.spawn(door.http ? HttpServer::converse(door.http, std::move(visit)) : converse(std::move(visit)));
}

void ServerLoop::note_refusal(const Door& door, const net::SocketAddress& peer, const Error& error) {
  const std::uint64_t count = hosting_.connections_refused.note(hosting_.loop.now());
  if (count == 0) return;
  ServerEvent event;
  event.kind = ServerEvent::Kind::refused;
  event.service = door.offer->service.facts().scheme;
  event.peer = peer.to_string();
  event.count = count;
  event.error = error;
  hosting_.observer.handle_event(event);
}

}  // namespace yam::service
