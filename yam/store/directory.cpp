#include "yam/store/directory.hpp"

#include <cerrno>
#include <cstring>

namespace yam::store {

const char* next_name(DIR* directory) {
  errno = 0;
  while (const dirent* entry = ::readdir(directory))
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) return entry->d_name;
  return nullptr;
}

}  // namespace yam::store
