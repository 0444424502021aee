#include "yam/service/tftp/receive_blocks.hpp"

#include <cerrno>

#include "yam/service/small/inbox_commit.hpp"
#include "yam/service/tftp/write_parts.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

net::Task<TftpResult<>> BlockSink::settle() {
  co_return TftpResult<>();
}

FileSink::~FileSink() {
  if (file_) static_cast<void>(file_->discard());
}

TftpResult<> FileSink::take(std::span<const ByteView> pieces) {
  Bytes local;
  std::vector<iovec> parts;
  std::size_t bytes = 0;
  if (decoder_) {
    for (const ByteView piece : pieces)
      decoder_->handle_bytes(piece, local);
    parts.push_back({local.data(), local.size()});
    bytes = local.size();
  } else {
    parts.reserve(pieces.size());
    for (const ByteView piece : pieces) {
      parts.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
      bytes += piece.size();
    }
  }
  if (bytes == 0) return {};
  if (bytes_ + bytes > bytes_max_) return tftp_fail(tftp::ErrorCode::disk_full, "the file is too large here");
  if (share_ && !share_->grow_to(bytes_ + bytes))
    return tftp_fail(tftp::ErrorCode::disk_full, "the quota has no room for it");
  return write(parts, bytes);
}

TftpResult<> FileSink::write(std::span<iovec> parts, std::size_t bytes) {
  if (const int error = write_parts(file_->fd(), parts); error != 0)
    return std::unexpected(fault_of_write("cannot write the file", error));
  bytes_ += bytes;
  return {};
}

net::Task<TftpResult<>> FileSink::finish() {
  if (decoder_) {
    Bytes rest;
    decoder_->handle_end(rest);
    iovec part{rest.data(), rest.size()};
    const auto written = write({&part, 1}, rest.size());
    if (!written) co_return std::unexpected(written.error());
  }
  store::NewFile file = std::move(*file_);
  file_.reset();
  auto committing = commit_elsewhere(loop_, std::move(file), Uncommitted::discard);
  auto committed = co_await std::move(committing);
  if (!committed) {
    TftpFault fault = fault_of(committed.error());
    if (committed.error().code == Code::refused) fault.code = tftp::ErrorCode::already_exists;
    co_return std::unexpected(std::move(fault));
  }
  if (share_) share_->keep(bytes_);
  committed_name_ = std::move(*committed);
  co_return TftpResult<>();
}

net::Task<> receive_blocks(TftpPort& port, tftp::Receiver& receiver, BlockSink& sink, Bytes first) {
  bool has_first = !first.empty();
  for (;;) {
    if (!has_first) {
      bool failed = false;  // as good as lost on the way
      while (const auto packet = receiver.poll_packet(Clock::now())) {
        const auto sent = co_await port.send(*packet);
        failed |= !sent;
      }
      if (receiver.end() != tftp::End::none) co_return;
      if (failed && port.note_fault()) {
        receiver.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, Clock::now());
        continue;
      }
    }
    auto& blocks = port.scratch().blocks;
    blocks.clear();
    const auto take = [&](ByteView packet, Time now) {
      receiver.handle_packet(packet, now);
      const auto data = receiver.poll_data();
      if (data && !data->empty()) blocks.push_back(*data);
      // At once: what the next packet of the batch brings could make the machine forget that it had to ask.
      while (const auto answer = receiver.poll_packet(now)) {
        static_cast<void>(port.try_send(*answer));
      }
    };
    if (std::exchange(has_first, false)) {
      take(first, Clock::now());
    } else {
      const auto got = co_await port.receive(receiver.deadline());
      const Time now = Clock::now();
      blocks.clear();  // others used it meanwhile
      if (got) {
        port.hear([&](ByteView packet, const net::SocketAddress&) { take(packet, now); });
      } else if (got.error().code == Code::timeout) {
        receiver.handle_timeout(now);
      } else if (port.note_fault()) {
        receiver.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, now);
      }
    }
    auto taken = sink.take(blocks);
    if (taken && sink.is_full()) {
      auto settling = sink.settle();
      taken = co_await std::move(settling);
    }
    if (taken && receiver.complete()) {
      auto finishing = sink.finish();
      taken = co_await std::move(finishing);
      if (taken) receiver.handle_saved(Clock::now());
    }
    if (!taken) receiver.handle_fault(taken.error().code, taken.error().text, Clock::now());
  }
}

net::Task<> dally(TftpPort& port, tftp::Receiver& receiver) {
  while (!receiver.gone()) {
    const auto got = co_await port.receive(receiver.deadline());
    const Time now = Clock::now();
    if (got) {
      port.hear([&](ByteView packet, const net::SocketAddress&) { receiver.handle_packet(packet, now); });
    } else if (got.error().code == Code::timeout) {
      receiver.handle_timeout(now);
    } else {
      co_return;  // nobody is there who could ask again
    }
    while (const auto packet = receiver.poll_packet(now)) {
      const auto sent = co_await port.send(*packet);
      if (!sent) co_return;
    }
  }
}

}  // namespace yam::service
