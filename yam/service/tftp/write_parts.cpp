#include "yam/service/tftp/write_parts.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>

namespace yam::service {

int write_parts(int fd, std::span<iovec> parts) {
  while (!parts.empty()) {
    const int count = static_cast<int>(std::min<std::size_t>(parts.size(), IOV_MAX));
    const ssize_t written = ::writev(fd, parts.data(), count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    auto rest = static_cast<std::size_t>(written);
    while (!parts.empty() && rest >= parts.front().iov_len) {
      rest -= parts.front().iov_len;
      parts = parts.subspan(1);
    }
    if (rest == 0) continue;
    parts.front().iov_base = static_cast<std::byte*>(parts.front().iov_base) + rest;
    parts.front().iov_len -= rest;
  }
  return 0;
}

}  // namespace yam::service
