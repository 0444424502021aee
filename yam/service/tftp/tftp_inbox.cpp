#include "yam/service/tftp/tftp_inbox.hpp"

#include <array>
#include <utility>

namespace yam::service {

void TftpInbox::put(ByteView packet) {
  const auto length = static_cast<Length>(packet.size());
  if (packets_.size() + sizeof length + length > bytes_max) return;
  const auto head = std::bit_cast<std::array<std::byte, sizeof length>>(length);
  packets_.insert(packets_.end(), head.begin(), head.end());
  packets_.insert(packets_.end(), packet.begin(), packet.end());
  came_.set();
}

Bytes TftpInbox::take() {
  came_.reset();
  return std::exchange(packets_, {});
}

}  // namespace yam::service
