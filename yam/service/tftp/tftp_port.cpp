#include "yam/service/tftp/tftp_port.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

Result<std::unique_ptr<TftpPort>> TftpPort::connect(net::Loop& loop, TftpScratch& scratch,
                                                    const net::SocketAddress& peer,
                                                    const net::DatagramOptions& options) {
  auto socket = net::DatagramSocket::connect(loop, peer, options);
  if (!socket) return fail(socket.error());
  return std::unique_ptr<TftpPort>(new TftpPort(loop, scratch, std::move(*socket), peer));
}

Result<std::unique_ptr<TftpPort>> TftpPort::call(net::Loop& loop, TftpScratch& scratch,
                                                 const net::SocketAddress& server,
                                                 const net::DatagramOptions& options) {
  const auto place = server.ip();
  const Family family = place && place->address.is_v4() ? Family::v4 : Family::v6;
  const auto anywhere = net::SocketAddress::of({IpAddress::any(family), 0});
  auto socket = net::DatagramSocket::bind(loop, options.bind.value_or(anywhere), options);
  if (!socket) return fail(socket.error());
  std::unique_ptr<TftpPort> port(new TftpPort(loop, scratch, std::move(*socket), server));
  port->settled_ = false;
  return port;
}

TftpPort::TftpPort(net::Loop& loop, TftpScratch& scratch, std::unique_ptr<net::DatagramSocket> socket,
                   const net::SocketAddress& peer)
    : loop_(loop), scratch_(scratch), socket_(std::move(socket)), peer_(peer) {}

// Not connected: the kernel would keep others out without the ERROR that is due to them.
void TftpPort::settle(const net::SocketAddress& peer) {
  peer_ = peer;
  settled_ = true;
}

bool TftpPort::is_from_peer(const net::SocketAddress& sender) const {
  if (socket_->peer()) return true;
  const auto from = sender.ip(), to = peer_.ip();
  return from && to && from->address == to->address && (!settled_ || from->port == to->port);
}

// RFC 1350 §4: whoever sends to the wrong port gets an ERROR, and the transfer goes on undisturbed.
void TftpPort::turn_away(const net::SocketAddress& sender) {
  send_error_to(sender, tftp::ErrorCode::unknown_transfer, "this port belongs to another transfer");
}

net::DatagramSocket::Send TftpPort::send(ByteView packet) {
  const Time deadline = after(loop_.now(), send_limit);
  return socket_->peer() ? socket_->send(packet, deadline) : socket_->send_to(peer_, packet, deadline);
}

net::Attempt TftpPort::try_send_run(ByteView packets, std::size_t packet_bytes,
                                    net::DatagramSocket::Progress& at) {
  net::DatagramSocket::Run run{};
  run.peer = destination();
  run.pieces = {&packets, 1};
  run.datagram_bytes = packet_bytes;
  return socket_->try_send(run, at);
}

net::Watch::Readiness TftpPort::room() {
  const Time soon = after(Clock::now(), net::DatagramSocket::pause_without_room);
  return socket_->watch().writable(soon);
}

void TftpPort::send_error_to(const net::SocketAddress& whom, tftp::ErrorCode code, std::string_view text) {
  Bytes packet;
  tftp::write_error(packet, code, text);
  static_cast<void>(::sendto(socket_->fd(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                             whom.get(), whom.size()));
}

}  // namespace yam::service
