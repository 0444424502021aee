#include "yam/store/beneath.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace yam::store {

namespace {

// A rename or mount anywhere on the machine can make the kernel lose track of a ".." inside a link; it then
// answers EAGAIN and means it (openat2(2)).
constexpr int resolve_tries_max = 100;

}  // namespace

std::expected<net::Fd, int> open_beneath(int folder, const std::string& path, int flags, mode_t mode) {
  struct open_how how{};
  // A path that is only looked at (O_PATH) takes no such flags, and waits for nothing.
  const int quick = (flags & O_PATH) != 0 ? 0 : O_NOCTTY | O_NONBLOCK;
  how.flags = static_cast<__u64>(flags | O_CLOEXEC | quick);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  int error = EAGAIN;
  for (int tries = 0; tries < resolve_tries_max && (error == EAGAIN || error == EINTR); ++tries) {
    const long fd = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
    if (fd >= 0) return net::Fd(static_cast<int>(fd));
    error = errno;
  }
  return std::unexpected(error);
}

std::unexpected<Error> fail_beneath(std::string what, int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
      return fail(Code::not_found, std::move(what) + ": no such file or directory");
    case EXDEV:
      return fail(Code::refused, std::move(what) + ": it leads out of the folder");
    case ELOOP:
      return fail(Code::refused, fail_os(std::move(what), errno_value).error().what);
    case ENXIO:
    case ENODEV:
      return fail(Code::refused, std::move(what) + ": it is not a file");
    case ENOSYS:
      return fail_os(std::move(what), errno_value, "yam needs openat2: Linux 5.6 or newer");
    default:
      return fail_os(std::move(what), errno_value);
  }
}

}  // namespace yam::store
