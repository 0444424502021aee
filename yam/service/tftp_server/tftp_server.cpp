#include "yam/service/tftp_server/tftp_server.hpp"

#include <cstring>
#include <random>

#include "yam/service/tftp_server/tftp_transfer.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

// A socket of IPv6 wants IPv4 peers in IPv6's form (RFC 4291 §2.5.5.2).
net::SocketAddress address_for(const net::DatagramSocket& socket, IpPort peer) {
  if (socket.local_address().family() == AF_INET6 && peer.address.is_v4()) {
    IpAddress::V6Bytes bytes{};
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(&bytes[12], peer.address.bytes().data(), 4);
    peer.address = IpAddress::v6(bytes);
  }
  return net::SocketAddress::of(peer);
}

}  // namespace

TftpServer::TftpServer(Hosting& hosting, std::shared_ptr<const Offer> offer, net::Scope& visits,
                       std::unique_ptr<net::DatagramSocket> socket)
    : hosting_(hosting),
      offer_(std::move(offer)),
      visits_(visits),
      files_(*offer_->folder, hosting.quotas.of(*offer_->folder)),
      socket_(std::move(socket)),
      receiving_(hosting.loop) {
  const TftpPorts& ports = service().tftp.ports;
  if (ports.is_range()) range_.emplace(ports, std::random_device()());
}

net::DatagramOptions TftpServer::socket_options(const Service& service, bool reuse_port) {
  net::DatagramOptions options;
  options.reuse_port = reuse_port;
  options.receive_buffer_bytes = receive_buffer_bytes;
  if (service.tftp.ports.is_single()) {
    options.send_buffer_bytes = send_buffer_bytes;
    options.gro = service.tftp.write != WritePolicy::off;
  }
  return options;
}

net::Task<> TftpServer::receive_packets() {
  net::DatagramBatch batch;
  for (;;) {
    const auto got = co_await socket_->receive(batch, files_.deadline());
    if (!got && got.error().code == Code::timeout) {
      files_.let_go(Clock::now());
      continue;
    }
    if (!got && got.error().code == Code::protocol) continue;  // longer than a datagram can be
    if (!got) {
      note_fault(got.error());
      co_await hosting_.loop.sleep_for(fault_pause);
      continue;
    }
    for (const net::Datagram datagram : batch)
      handle_packet(datagram);
  }
}

void TftpServer::handle_packet(const net::Datagram& datagram) {
  const auto peer = datagram.sender.ip();
  // RFC 1123 §4.2.3.5: nothing that is asked of everybody is answered.
  if (!peer || peer->port == 0 || datagram.to_many) return;
  const auto running = transfers_.find(*peer);
  if (!tftp::is_request(datagram.bytes)) {
    if (running != transfers_.end()) running->second->deliver(datagram.bytes);
    return;
  }
  TftpCaller caller{*peer, {}};
  if (datagram.called != nullptr) caller.called = *datagram.called;
  const auto packet = tftp::decode(datagram.bytes);
  if (!packet) {
    note_refusal(datagram.sender, packet.error());
    return say_error(caller, tftp::ErrorCode::illegal_operation, packet.error().what);
  }
  const auto& asked = std::get<tftp::Request>(*packet);
  TftpRequest request;
  request.write = asked.write;
  request.name = asked.name;
  request.mode = asked.mode;
  request.asked = tftp::read_options(asked.options);
  if (running != transfers_.end() && running->second->take_request(request, datagram.bytes)) return;
  if (leaving_) return say_error(caller, tftp::ErrorCode::undefined, "the server stops");
  if (const auto admitted = hosting_.tftp.rules()->admit(peer->address); !admitted) {
    note_refusal(datagram.sender, admitted.error());
    return say_error(caller, tftp::ErrorCode::access_violation, "access denied");
  }
  auto ticket = hosting_.admission.admit_connection(peer->address);
  if (!ticket) {
    note_refusal(datagram.sender, ticket.error());
    const std::string busy = "busy, ask again later: " + ticket.error().what;
    return say_error(caller, tftp::ErrorCode::undefined, busy);
  }
  auto transfer =
      std::make_unique<TftpTransfer>(shared_from_this(), std::move(request), caller, std::move(*ticket));
  transfer->begin(datagram.bytes);
  visits_.spawn(keep_until_over(std::move(transfer)));
}

void TftpServer::forget_transfer(const IpPort& peer, const TftpTransfer& transfer) {
  const auto place = transfers_.find(peer);
  if (place != transfers_.end() && place->second == &transfer) transfers_.erase(place);
}

void TftpServer::say_error(const TftpCaller& caller, tftp::ErrorCode code, std::string_view text) {
  Bytes packet;
  tftp::write_error(packet, code, text);
  const ByteView bytes = packet;
  if (!socket_) return;
  const auto peer = address_for(*socket_, caller.peer);
  net::DatagramSocket::Run run{};
  run.peer = &peer;
  run.pieces = {&bytes, 1};
  run.datagram_bytes = bytes.size();
  if (caller.called) run.source = &*caller.called;
  net::DatagramSocket::Progress at;
  static_cast<void>(socket_->try_send(run, at));
}

Result<std::unique_ptr<TftpPort>> TftpServer::open_port(const TftpCaller& caller,
                                                        net::DatagramOptions options,
                                                        TftpPortRange::Lease& lease) {
  if (!socket_) return fail(Code::local, "the server stops");
  if (service().tftp.ports.is_single())
    return TftpPort::share(hosting_.loop, scratch_, *socket_, address_for(*socket_, caller.peer),
                           caller.called);
  options.bind = net::SocketAddress::of({place_of(caller).address, 0});
  if (range_) {
    options.bind_ports = range_->candidates();
    if (options.bind_ports.empty()) return fail(Code::local, net::all_ports_in_use);
  }
  const auto peer = net::SocketAddress::of(caller.peer);
  auto port = TftpPort::connect(hosting_.loop, scratch_, peer, options);
  if (!range_) return port;
  if (port) {
    lease = range_->take((*port)->local_address().ip()->port);
  } else {
    range_->pass_over();
  }
  return port;
}

IpPort TftpServer::place_of(const TftpCaller& caller) const {
  IpPort place = socket_->local_address().ip().value();
  if (place.address.is_unspecified()) place.address = IpAddress::any(caller.peer.address.family());
  if (caller.called) place.address = *caller.called;
  return place;
}

void TftpServer::leave() {
  leaving_ = true;
  for (const auto& [peer, transfer] : transfers_)
    transfer->ask_to_leave();
  if (!service().tftp.ports.is_single()) close();
}

void TftpServer::close() {
  leaving_ = true;
  if (service().tftp.ports.is_single())
    for (const auto& [peer, transfer] : transfers_)
      transfer->stop();
  receiving_.cancel();
  socket_.reset();
}

void TftpServer::note_fault(const Error& error) {
  const std::uint64_t count = faults_.note(hosting_.loop.now());
  if (count == 0) return;
  ServerEvent event;
  event.service = service().facts().scheme;
  event.count = count;
  event.error = error;
  hosting_.observer.handle_event(event);
}

void TftpServer::note_refusal(const net::SocketAddress& peer, const Error& error) {
  hosting_.tftp.counters().count_refusal();
  const std::uint64_t count = hosting_.datagrams_refused.note(hosting_.loop.now());
  if (count == 0) return;
  ServerEvent event;
  event.kind = ServerEvent::Kind::refused;
  event.service = service().facts().scheme;
  event.peer = peer.to_string();
  event.count = count;
  event.error = error;
  hosting_.observer.handle_event(event);
}

}  // namespace yam::service
