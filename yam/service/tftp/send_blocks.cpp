#include "yam/service/tftp/send_blocks.hpp"

#include <algorithm>
#include <unistd.h>

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

// So much at once is looked after even before the file's end.
constexpr std::size_t verified_bytes = 16 * 1024;

// Headers and payloads of blocks from `first` to before `end`, as many as the scratch holds.
std::span<const ByteView> gather(TftpScratch& scratch, std::uint64_t transfer, const tftp::Sender& sender,
                                 BlockSource& source, std::uint64_t first, std::uint64_t end) {
  end = std::min(end, first + TftpScratch::run_blocks_max);
  const tftp::BlockRange begin = sender.range(first);
  ByteView rest = scratch.ahead.view(transfer, begin.offset);
  if (begin.bytes > 0 && begin.bytes <= rest.size()) {
    end = std::min(end, first + rest.size() / begin.bytes);
  } else {
    const tftp::BlockRange last = sender.range(end - 1);
    rest = source.view(begin.offset, static_cast<std::size_t>(last.offset - begin.offset) + last.bytes);
  }
  scratch.pieces.clear();
  for (std::uint64_t block = first; block < end; ++block) {
    const std::size_t bytes = sender.range(block).bytes;
    auto& header = scratch.headers[static_cast<std::size_t>(block - first)];
    header = sender.header(block);
    scratch.pieces.push_back(header);
    scratch.pieces.push_back(rest.first(bytes));
    rest = rest.subspan(bytes);
  }
  return scratch.pieces;
}

// The next window, or as much of it as there is room for.
void read_ahead(ReadAhead& ahead, std::uint64_t transfer, const tftp::Sender& sender, BlockSource& source) {
  const std::uint64_t offset = sender.source_sent_to();
  if (offset >= source.bytes_ready() || !ahead.view(transfer, offset).empty()) return;
  const std::uint64_t window_bytes = sender.source_wanted_to() - sender.source_kept_from();
  const std::uint64_t bytes = std::min(window_bytes, source.bytes_ready() - offset);
  if (bytes < ReadAhead::bytes_min) return;
  ByteSpan room = ahead.room();
  room = room.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, room.size())));
  if (source.read(offset, room)) ahead.keep(transfer, offset, room.size());
}

// What a slow source has is sent before the window is full, and the peer is heard meanwhile: it would give us
// up, and an ERROR of it would wait.
constexpr Duration slow_source_wait = std::chrono::milliseconds(20);

bool wants_more(const tftp::Sender& sender, const BlockSource& source) {
  return !source.has_ended() && source.bytes_ready() < sender.source_wanted_to();
}

enum class Sent : std::uint8_t { all, no_room, lost, broken };

// What of a burst goes out at once, from `block` on, which goes on. Lost is what the system did not take;
// broken is a source, of which the sender then knows.
Sent send_some(TftpPort& port, std::uint64_t transfer, tftp::Sender& sender, BlockSource& source,
               const tftp::Burst& burst, std::uint64_t& block) {
  const std::uint64_t end = burst.first + burst.blocks;
  const std::size_t packet_bytes = tftp::header_bytes + sender.range(burst.first).bytes;
  const tftp::BlockRange last = sender.range(end - 1);
  const bool is_end = source.has_ended() && last.offset + last.bytes == source.bytes_ready();
  TftpResult<> good;
  if (is_end || packet_bytes * burst.blocks >= verified_bytes) good = source.verify();
  while (good && block < end) {
    const auto pieces = gather(port.scratch(), transfer, sender, source, block, end);
    net::DatagramSocket::Progress at;
    const auto sent = port.try_send_run(pieces, packet_bytes, at);
    block += at.datagrams;
    if (!sent) return Sent::no_room;
    if (*sent) continue;
    good = source.verify();  // what has vanished cannot be sent
    if (good) return Sent::lost;
  }
  if (good) return Sent::all;
  sender.handle_fault(good.error().code, good.error().text, Clock::now());
  return Sent::broken;
}

}  // namespace

bool FileSource::read(std::uint64_t offset, ByteSpan into) {
  const ssize_t count = ::pread(file_->fd(), into.data(), into.size(), static_cast<off_t>(offset));
  return count == static_cast<ssize_t>(into.size());
}

TftpResult<> FileSource::verify() const {
  if (file_->is_unchanged()) return {};
  return tftp_fail(tftp::ErrorCode::undefined, file_changed);
}

net::Task<TftpResult<>> FileSource::grow(std::uint64_t, std::uint64_t, Time) {
  co_return TftpResult<>();
}

net::Task<> send_blocks(TftpPort& port, tftp::Sender& sender, BlockSource& source) {
  ReadAhead& ahead = port.scratch().ahead;
  const std::uint64_t transfer = ahead.add_transfer();
  bool is_alone = false;
  Time now = Clock::now();
  sender.handle_source(source.bytes_ready(), source.has_ended(), now);
  for (;;) {
    Time look_again = never;  // whether the source has more
    while (look_again == never && sender.end() == tftp::End::none && wants_more(sender, source)) {
      const std::uint64_t before = source.bytes_ready();
      auto growing =
          source.grow(sender.source_kept_from(), sender.source_wanted_to(), after(now, slow_source_wait));
      const auto grown = co_await std::move(growing);
      now = Clock::now();
      if (!grown) {
        sender.handle_fault(grown.error().code, grown.error().text, now);
      } else if (source.has_ended() || source.bytes_ready() > before) {
        sender.handle_source(source.bytes_ready(), source.has_ended(), now);
      } else {
        look_again = after(now, slow_source_wait);
      }
    }
    bool failed = false;  // what could not be sent is as good as lost on the way
    while (const auto output = sender.poll_output(now)) {
      if (const auto* packet = std::get_if<ByteView>(&*output)) {
        const auto sent = co_await port.send(*packet);
        now = Clock::now();
        failed |= !sent;
        continue;
      }
      const auto burst = std::get<tftp::Burst>(*output);
      const Time limit = after(now, TftpPort::send_limit);
      std::uint64_t block = burst.first;
      is_alone = ahead.note_sending(transfer);
      Sent sent = send_some(port, transfer, sender, source, burst, block);
      while (sent == Sent::no_room && now < limit) {
        co_await port.room();
        now = Clock::now();
        sent = send_some(port, transfer, sender, source, burst, block);
      }
      failed |= sent == Sent::lost || sent == Sent::no_room;
    }
    if (sender.end() != tftp::End::none) co_return;
    if (failed && port.note_fault()) {
      sender.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, now);
      continue;
    }
    if (is_alone) read_ahead(ahead, transfer, sender, source);
    const auto got = co_await port.receive(std::min(sender.deadline(), look_again));
    now = Clock::now();
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
    if (const auto* packet = std::get_if<ByteView>(&*output)) {
      static_cast<void>(port.try_send(*packet));
      continue;
    }
    const auto burst = std::get<tftp::Burst>(*output);
    std::uint64_t block = burst.first;
    send_some(port, 0, sender, source, burst, block);
  }
}

}  // namespace yam::service
