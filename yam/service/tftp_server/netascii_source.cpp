#include "yam/service/tftp_server/netascii_source.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace yam::service {

namespace {

TftpResult<> read_whole(int fd, std::uint64_t offset, ByteSpan piece) {
  while (!piece.empty()) {
    const ssize_t got = ::pread(fd, piece.data(), piece.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return tftp_fail(proto::tftp::ErrorCode::undefined,
                       fail_os("cannot read the file", errno).error().what);
    if (got == 0) return tftp_fail(proto::tftp::ErrorCode::undefined, file_changed);
    offset += static_cast<std::uint64_t>(got);
    piece = piece.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace

net::Task<TftpResult<>> NetasciiSource::grow(std::uint64_t kept_from, std::uint64_t wanted_to, Time) {
  kept_.forget_before(kept_from);
  Bytes piece;
  while (!has_ended() && bytes_ready() < wanted_to) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, size_ - read_)));
    const auto got = read_whole(fd_, read_, piece);
    if (!got) co_return got;
    read_ += piece.size();
    kept_.append(piece);
  }
  co_return TftpResult<>();
}

}  // namespace yam::service
