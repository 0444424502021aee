#pragma once
// Appends pieces to a file, in order, with as few calls as the system takes.

#include <span>
#include <sys/uio.h>

namespace yam::service {

// All of `parts`, which are used up, from where the file stands on. 0, or the errno value of the fault; then
// some of it may have been written.
int write_parts(int fd, std::span<iovec> parts);

}  // namespace yam::service
