#include "yam/service/tftp/tftp_server.hpp"

#include <cerrno>
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/service/tftp/tftp_transfer.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

void say_error(net::DatagramSocket& socket, const net::SocketAddress& peer, tftp::ErrorCode code,
               std::string_view text) {
  Bytes packet;
  tftp::write_error(packet, code, text);
  static_cast<void>(::sendto(socket.fd(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                             peer.get(), peer.size()));
}

}  // namespace

net::Task<> TftpServer::receive_requests(net::DatagramSocket& socket) {
  net::DatagramBatch batch;
  for (;;) {
    const auto got = co_await socket.receive(batch);
    if (!got && got.error().code == Code::protocol) continue;  // longer than a datagram can be
    if (!got) {
      ServerEvent event;
      event.service = service().facts().scheme;
      event.error = got.error();
      hosting_.observer.handle_event(event);
      co_return;
    }
    for (const net::Datagram datagram : batch)
      handle_request(socket, datagram);
  }
}

void TftpServer::handle_request(net::DatagramSocket& socket, const net::Datagram& datagram) {
  const auto peer = datagram.sender.ip();
  const auto packet = tftp::decode(datagram.bytes);
  if (!peer || peer->port == 0) return;
  if (!packet) {
    // Only what means to be a request gets an answer.
    const bool is_request = datagram.bytes.size() >= 2 && datagram.bytes[0] == std::byte{0} &&
                            (datagram.bytes[1] == std::byte{1} || datagram.bytes[1] == std::byte{2});
    if (is_request)
      say_error(socket, datagram.sender, tftp::ErrorCode::illegal_operation, packet.error().what);
    return note_refusal(datagram.sender, packet.error());
  }
  const auto* asked = std::get_if<tftp::Request>(&*packet);
  if (asked == nullptr) return;
  TftpRequest request;
  request.write = asked->write;
  request.name = asked->name;
  request.mode = asked->mode;
  request.asked = tftp::read_options(asked->options);
  if (const auto running = transfers_.find(*peer); running != transfers_.end())
    if (running->second->take_request(request)) return;
  auto ticket = hosting_.admission.admit_connection(peer->address);
  if (!ticket) {
    say_error(socket, datagram.sender, tftp::ErrorCode::undefined,
              "busy, ask again later: " + ticket.error().what);
    return note_refusal(datagram.sender, ticket.error());
  }
  visits_.spawn(serve_tftp(shared_from_this(), std::move(request), datagram.sender, socket.local_address(),
                           std::move(*ticket)));
}

void TftpServer::leave() {
  leaving_ = true;
  for (const auto& [peer, transfer] : transfers_)
    transfer->ask_to_leave();
}

Result<std::shared_ptr<const store::OpenedFile>> TftpServer::open_file(std::string_view name) {
  auto opened = folder().open_file(name);
  if (!opened) return fail(opened.error());
  struct stat status{};
  if (::fstat(opened->fd.get(), &status) != 0) return fail_os("cannot read " + quoted(name), errno);
  const auto changed = static_cast<std::uint64_t>(opened->mtime.time_since_epoch().count());
  const FileKey key{status.st_dev, opened->inode, opened->size, changed};
  if (files_.size() >= files_swept_at_) {
    std::erase_if(files_, [](const auto& each) { return each.second.expired(); });
    files_swept_at_ = 64 + 2 * files_.size();
  }
  auto& place = files_[key];
  if (auto known = place.lock()) return known;
  auto file = std::make_shared<const store::OpenedFile>(std::move(*opened));
  place = file;
  return file;
}

void TftpServer::note_refusal(const net::SocketAddress& peer, const Error& error) {
  const std::uint64_t count = hosting_.datagrams_refused.note(hosting_.loop.now());
  if (count == 0) return;
  ServerEvent event;
  event.kind = ServerEvent::Kind::not_answered;
  event.service = service().facts().scheme;
  event.peer = peer.to_string();
  event.count = count;
  event.error = error;
  hosting_.observer.handle_event(event);
}

}  // namespace yam::service
