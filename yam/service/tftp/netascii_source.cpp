#include "yam/service/tftp/netascii_source.hpp"

#include <algorithm>

namespace yam::service {

TftpResult<> NetasciiSource::read(std::uint64_t offset, std::span<const iovec> parts) {
  kept_.read(offset, parts);
  return {};
}

net::Task<TftpResult<>> NetasciiSource::grow(std::uint64_t kept_from, std::uint64_t wanted_to) {
  kept_.forget_before(kept_from);
  Bytes piece;
  while (!has_ended() && bytes_ready() < wanted_to) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, file_.bytes_ready() - read_)));
    const iovec part{piece.data(), piece.size()};
    const auto got = file_.read(read_, {&part, 1});
    if (!got) co_return got;
    read_ += piece.size();
    kept_.append(piece);
  }
  co_return TftpResult<>();
}

}  // namespace yam::service
