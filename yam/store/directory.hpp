#pragma once
// A directory that is read entry by entry, closed when it goes.

#include <dirent.h>
#include <memory>

#include "yam/net/loop/fd.hpp"

namespace yam::store {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// Empty, and errno says why, when `fd` is no directory or there is no memory.
inline Directory read_directory(net::Fd fd) {
  Directory directory(::fdopendir(fd.get()));
  if (directory) static_cast<void>(fd.release());
  return directory;
}

// The next name but "." and ".."; null at the end, and where errno is not 0 because of a fault. Valid until
// the next call.
const char* next_name(DIR* directory);

}  // namespace yam::store
