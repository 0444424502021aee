#include "yam/service/tftp/send_blocks.hpp"

#include <cerrno>
#include <cstring>

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

// DATA in the scratch, ready to go.
struct Packets {
  std::uint64_t blocks = 0;
  std::size_t bytes = 0;
};

// Headers and payloads of blocks from `first` to before `end`, as many as the scratch holds.
TftpResult<Packets> fill(TftpPort& port, const tftp::Sender& sender, BlockSource& source, std::uint64_t first,
                         std::uint64_t end) {
  const ByteSpan memory = port.loop().scratch();
  auto& parts = port.scratch().parts;
  Packets packets;
  std::size_t payload = 0;
  for (std::uint64_t block = first; block < end && packets.blocks < TftpScratch::parts_max; ++block) {
    const tftp::BlockRange range = sender.range(block);
    if (packets.bytes + tftp::header_bytes + range.bytes > memory.size()) break;
    std::byte* at = memory.data() + packets.bytes;
    const auto header = sender.header(block);
    std::memcpy(at, header.data(), header.size());
    parts[packets.blocks++] = {at + tftp::header_bytes, range.bytes};
    packets.bytes += tftp::header_bytes + range.bytes;
    payload += range.bytes;
  }
  if (payload == 0) return packets;
  const auto read = source.read(sender.range(first).offset, std::span(parts).first(packets.blocks));
  if (!read) return std::unexpected(read.error());
  return packets;
}

}  // namespace

TftpResult<> FileSource::read(std::uint64_t offset, std::span<const iovec> parts) {
  std::size_t wanted = 0;
  for (const iovec& part : parts)
    wanted += part.iov_len;
  for (;;) {
    const ssize_t got =
        ::preadv(fd_, parts.data(), static_cast<int>(parts.size()), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return tftp_fail(tftp::ErrorCode::undefined, fail_os("cannot read the file", errno).error().what);
    if (static_cast<std::size_t>(got) == wanted) return {};
    return tftp_fail(tftp::ErrorCode::undefined, "the file became shorter while it was sent");
  }
}

net::Task<TftpResult<>> FileSource::grow(std::uint64_t, std::uint64_t) {
  co_return TftpResult<>();
}

net::Task<> send_blocks(TftpPort& port, tftp::Sender& sender, BlockSource& source) {
  sender.handle_source(source.bytes_ready(), source.has_ended(), Clock::now());
  for (;;) {
    while (sender.end() == tftp::End::none && !source.has_ended() &&
           source.bytes_ready() < sender.source_wanted_to()) {
      auto growing = source.grow(sender.source_kept_from(), sender.source_wanted_to());
      const auto grown = co_await std::move(growing);
      if (grown) {
        sender.handle_source(source.bytes_ready(), source.has_ended(), Clock::now());
      } else {
        sender.handle_fault(grown.error().code, grown.error().text, Clock::now());
      }
    }
    bool failed = false;  // what could not be sent is as good as lost on the way
    while (const auto output = sender.poll_output(Clock::now())) {
      if (const auto* packet = std::get_if<ByteView>(&*output)) {
        const auto sent = co_await port.send(*packet);
        failed |= !sent;
        continue;
      }
      // The scratch is anybody's while we wait for room: what did not go out is read again.
      const auto burst = std::get<tftp::Burst>(*output);
      const std::uint64_t end = burst.first + burst.blocks;
      const std::size_t packet_bytes = tftp::header_bytes + sender.range(burst.first).bytes;
      const Time limit = after(Clock::now(), TftpPort::send_limit);
      for (std::uint64_t block = burst.first; block < end;) {
        const auto packets = fill(port, sender, source, block, end);
        if (!packets) {
          sender.handle_fault(packets.error().code, packets.error().text, Clock::now());
          break;
        }
        net::DatagramSocket::Progress at;
        const ByteView bytes = port.loop().scratch().first(packets->bytes);
        const auto sent = port.try_send_run(bytes, packet_bytes, at);
        block += at.datagrams;
        failed |= sent ? !*sent : Clock::now() > limit;
        if (failed) break;
        if (!sent) co_await port.room();
      }
    }
    if (sender.end() != tftp::End::none) co_return;
    if (failed && port.note_fault()) {
      sender.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, Clock::now());
      continue;
    }
    const auto got = co_await port.receive(sender.deadline());
    const Time now = Clock::now();
    if (got) {
      port.hear([&](ByteView packet, const net::SocketAddress&) { sender.handle_packet(packet, now); });
    } else if (got.error().code == Code::timeout) {
      sender.handle_timeout(now);
    } else if (port.note_fault()) {
      sender.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, now);
    }
  }
}

void send_due_now(TftpPort& port, tftp::Sender& sender, BlockSource& source) {
  while (const auto output = sender.poll_output(Clock::now())) {
    net::DatagramSocket::Progress at;
    if (const auto* packet = std::get_if<ByteView>(&*output)) {
      static_cast<void>(port.try_send_run(*packet, packet->size(), at));
      continue;
    }
    const auto burst = std::get<tftp::Burst>(*output);
    const auto packets = fill(port, sender, source, burst.first, burst.first + burst.blocks);
    if (!packets) return sender.handle_fault(packets.error().code, packets.error().text, Clock::now());
    const std::size_t packet_bytes = tftp::header_bytes + sender.range(burst.first).bytes;
    static_cast<void>(port.try_send_run(port.loop().scratch().first(packets->bytes), packet_bytes, at));
  }
}

}  // namespace yam::service
