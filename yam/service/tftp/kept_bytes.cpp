#include "yam/service/tftp/kept_bytes.hpp"

#include <algorithm>

#include "yam/proto/tftp/netascii.hpp"

namespace yam::service {

void KeptBytes::append(ByteView local) {
  if (mode_ == proto::tftp::Mode::netascii) return proto::tftp::encode_netascii(local, bytes_);
  bytes_.insert(bytes_.end(), local.begin(), local.end());
}

void KeptBytes::forget_before(std::uint64_t offset) {
  const auto gone = static_cast<std::size_t>(std::clamp(offset, begin_, end()) - begin_);
  if (gone <= bytes_.size() / 2) return;  // moving the rest would cost more than it frees
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(gone));
  begin_ += gone;
}

}  // namespace yam::service
