#include "yam/service/tftp/netascii_source.hpp"

#include <algorithm>
#include <cstring>

#include "yam/proto/tftp/netascii.hpp"

namespace yam::service {

TftpResult<> NetasciiSource::read(std::uint64_t offset, std::span<const iovec> parts) {
  auto rest = ByteView(kept_).subspan(static_cast<std::size_t>(offset - dropped_));
  for (const iovec& part : parts) {
    if (part.iov_len > 0) std::memcpy(part.iov_base, rest.data(), part.iov_len);
    rest = rest.subspan(part.iov_len);
  }
  return {};
}

net::Task<TftpResult<>> NetasciiSource::grow(std::uint64_t kept_from, std::uint64_t wanted_to) {
  const auto done = static_cast<std::ptrdiff_t>(std::min(kept_from, bytes_ready()) - dropped_);
  kept_.erase(kept_.begin(), kept_.begin() + done);
  dropped_ += static_cast<std::uint64_t>(done);
  Bytes piece;
  while (!has_ended() && bytes_ready() < wanted_to) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, file_.bytes_ready() - read_)));
    const iovec part{piece.data(), piece.size()};
    const auto got = file_.read(read_, {&part, 1});
    if (!got) co_return got;
    read_ += piece.size();
    proto::tftp::encode_netascii(piece, kept_);
  }
  co_return TftpResult<>();
}

}  // namespace yam::service
