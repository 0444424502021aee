#pragma once
// The one way into a served folder: openat2 with RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS, so that the kernel
// itself keeps every step of the path below the folder, whoever swaps what for a symbolic link meanwhile.
// Symbolic links are followed as long as they stay beneath; absolute ones never do. The kernel refuses magic
// links (/proc/self/cwd) under RESOLVE_BENEATH alone today, but openat2(2) keeps the right to change that.

#include <expected>
#include <string>
#include <sys/types.h>

#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"

namespace yam::store {

// Opens `path` beneath the directory `folder`, or says the errno value: EXDEV when the path leads out. Adds
// O_CLOEXEC, O_NOCTTY and O_NONBLOCK, so that a named pipe or a device answers at once. `mode` with O_CREAT.
std::expected<net::Fd, int> open_beneath(int folder, const std::string& path, int flags, mode_t mode = 0);

// That errno value in words: Code::not_found when nothing is there, Code::refused when it leads out of the
// folder or is no file, Code::local for the rest. `what` as in fail_os.
[[nodiscard]] std::unexpected<Error> fail_beneath(std::string what, int errno_value);

}  // namespace yam::store
