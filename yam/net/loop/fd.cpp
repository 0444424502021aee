#include "yam/net/loop/fd.hpp"

#include <unistd.h>

namespace yam::net {

void Fd::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace yam::net
