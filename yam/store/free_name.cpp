#include "yam/store/free_name.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace yam::store {

int rename_to_free_name(int from_folder, const std::string& from, int to_folder, const std::string& to) {
  if (::renameat2(from_folder, from.c_str(), to_folder, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::linkat(from_folder, from.c_str(), to_folder, to.c_str(), 0) != 0)
    return errno == EPERM ? EINVAL : errno;
  return ::unlinkat(from_folder, from.c_str(), 0) == 0 ? 0 : errno;
}

}  // namespace yam::store
