#pragma once
// An option of a socket that is a number or a switch (socket(7), ip(7), tcp(7)). False where the kernel or
// the kind of socket does not know it, which most callers can live with.

#include <sys/socket.h>

namespace yam::net {

inline bool set_option(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

}  // namespace yam::net
