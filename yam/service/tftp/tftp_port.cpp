#include "yam/service/tftp/tftp_port.hpp"

#include <algorithm>

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
  net::DatagramOptions telling = options;
  telling.tell_unreachable = true;
  auto socket = net::DatagramSocket::bind(loop, options.bind.value_or(anywhere), telling);
  if (!socket) return fail(socket.error());
  std::unique_ptr<TftpPort> port(new TftpPort(loop, scratch, std::move(*socket), server));
  port->settled_ = false;
  return port;
}

std::unique_ptr<TftpPort> TftpPort::share(net::Loop& loop, TftpScratch& scratch, net::DatagramSocket& socket,
                                          const net::SocketAddress& peer,
                                          const std::optional<IpAddress>& called) {
  return std::unique_ptr<TftpPort>(new TftpPort(loop, scratch, socket, peer, called));
}

TftpPort::TftpPort(net::Loop& loop, TftpScratch& scratch, std::unique_ptr<net::DatagramSocket> socket,
                   const net::SocketAddress& peer)
    : loop_(loop), scratch_(scratch), own_(std::move(socket)), socket_(*own_), peer_(peer) {}

TftpPort::TftpPort(net::Loop& loop, TftpScratch& scratch, net::DatagramSocket& socket,
                   const net::SocketAddress& peer, const std::optional<IpAddress>& called)
    : loop_(loop),
      scratch_(scratch),
      inbox_(std::make_unique<TftpInbox>(loop)),
      socket_(socket),
      peer_(peer),
      source_(called) {}

// Not connected: the kernel would keep others out without the ERROR that is due to them.
void TftpPort::settle(const net::SocketAddress& peer) {
  peer_ = peer;
  settled_ = true;
}

bool TftpPort::is_from_peer(const net::SocketAddress& sender) const {
  if (socket_.peer()) return true;
  const auto from = sender.ip(), to = peer_.ip();
  return from && to && from->address == to->address && (!settled_ || from->port == to->port);
}

// RFC 1350 §4: whoever sends to the wrong port gets an ERROR, and the transfer goes on undisturbed.
void TftpPort::turn_away(const net::SocketAddress& sender) {
  send_error_to(sender, tftp::ErrorCode::unknown_transfer, "this port belongs to another transfer");
}

// The kernel counts what a packet takes in its memory (SO_RCVBUF, socket(7)): over Ethernet, where large
// blocks come in fragments, up to 1.6 times its bytes.
std::size_t TftpPort::blocks_held(std::size_t block_bytes) const {
  constexpr std::size_t overhead_bytes = 1024;
  int buffer = 0;
  socklen_t size = sizeof buffer;
  ::getsockopt(socket_.fd(), SOL_SOCKET, SO_RCVBUF, &buffer, &size);
  std::size_t held = static_cast<std::size_t>(buffer) / (block_bytes * 8 / 5 + overhead_bytes);
  if (inbox_) held = std::min(held, TftpInbox::bytes_max / (block_bytes + TftpInbox::overhead_bytes));
  return std::max<std::size_t>(held, 1);
}

void TftpPort::note_received(ByteView packet) {
  faults_ = 0;
  if (tap_ != nullptr) tap_->handle_received(packet, loop_.now());
}

TftpPort::Receive TftpPort::receive(Time deadline) {
  return Receive(*this, deadline);
}

TftpPort::Send TftpPort::send(ByteView packet) {
  return Send(*this, packet);
}

net::Attempt TftpPort::try_send(ByteView packet) {
  net::DatagramSocket::Progress at;
  return try_send_run({&packet, 1}, packet.size(), at);
}

net::Attempt TftpPort::try_send_run(std::span<const ByteView> pieces, std::size_t packet_bytes,
                                    net::DatagramSocket::Progress& at) {
  net::DatagramSocket::Run run{};
  run.peer = socket_.peer() ? nullptr : &peer_;
  run.pieces = pieces;
  run.datagram_bytes = packet_bytes;
  if (source_) run.source = &*source_;
  const std::size_t sent_before = at.datagrams;
  auto sent = socket_.try_send(run, at);
  if (tap_ != nullptr) note_sent(pieces, packet_bytes, sent_before, at.datagrams);
  return sent;
}

void TftpPort::note_sent(std::span<const ByteView> pieces, std::size_t packet_bytes, std::size_t first,
                         std::size_t end) {
  std::size_t total = 0, at = 0;
  for (const ByteView piece : pieces)
    total += piece.size();
  for (const ByteView piece : pieces) {
    const std::size_t packet = at / packet_bytes;
    if (at % packet_bytes == 0 && !piece.empty() && packet >= first && packet < end)
      tap_->handle_sent(piece, std::min(packet_bytes, total - at), Clock::now());
    at += piece.size();
  }
}

TftpPort::Room TftpPort::room() {
  return Room(*this);
}

void TftpPort::expect_room(net::Waiter& waiter) {
  if (own_) own_->watch().expect_writable(waiter);
  loop_.timers().arm(waiter, after(Clock::now(), net::DatagramSocket::pause_without_room));
}

void TftpPort::send_error_to(const net::SocketAddress& whom, tftp::ErrorCode code, std::string_view text) {
  Bytes packet;
  tftp::write_error(packet, code, text);
  if (::sendto(socket_.fd(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL, whom.get(),
               whom.size()) < 0)
    return;
  if (tap_ != nullptr && whom == peer_) tap_->handle_sent(packet, packet.size(), Clock::now());
}

TftpPort::Receive::Receive(TftpPort& port, Time deadline) : port_(port) {
  if (port.own_) {
    wait_.emplace<net::DatagramSocket::Receive>(*port.own_, port.scratch_.batch, deadline);
  } else {
    wait_.emplace<net::Event::Wait>(port.inbox_->came(), deadline);
  }
}

bool TftpPort::Receive::await_ready() {
  auto* own = std::get_if<net::DatagramSocket::Receive>(&wait_);
  return own != nullptr ? own->await_ready() : std::get<net::Event::Wait>(wait_).await_ready();
}

void TftpPort::Receive::await_suspend(std::coroutine_handle<> waiting) {
  auto* own = std::get_if<net::DatagramSocket::Receive>(&wait_);
  own != nullptr ? own->await_suspend(waiting) : std::get<net::Event::Wait>(wait_).await_suspend(waiting);
}

Result<std::size_t> TftpPort::Receive::await_resume() {
  if (auto* own = std::get_if<net::DatagramSocket::Receive>(&wait_)) {
    auto got = own->await_resume();
    // A stranger whom we have told that he is wrong may be gone: nobody minds.
    const auto& unreachable = port_.socket_.last_unreachable();
    const bool is_stranger = unreachable && unreachable->ip() != port_.peer_.ip();
    if (!got && got.error().code == Code::network && is_stranger)
      return fail(Code::timeout, "no packet came yet");
    return got;
  }
  if (std::get<net::Event::Wait>(wait_).await_resume()) return 1;
  return fail(Code::timeout, "no packet came in time");
}

TftpPort::Send::Send(TftpPort& port, ByteView packet)
    : Waiter(port.loop_.timers()),
      port_(port),
      packet_(packet),
      deadline_(after(port.loop_.now(), send_limit)) {}

bool TftpPort::Send::await_ready() {
  attempt();
  return outcome_ && port_.loop_.spend();
}

void TftpPort::Send::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  outcome_ ? port_.loop_.ready().push(*this) : port_.expect_room(*this);
}

void TftpPort::Send::run() {
  if (!outcome_) attempt();
  if (!outcome_ && deadline_ <= port_.loop_.now())
    outcome_ = fail(Code::timeout, "the system took no more packets in time");
  outcome_ ? waiting_.resume() : port_.expect_room(*this);
}

void TftpPort::Send::attempt() {
  outcome_ = port_.try_send(packet_);
}

}  // namespace yam::service
