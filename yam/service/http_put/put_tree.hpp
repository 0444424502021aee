#pragma once
// What lies in a folder here that is to be put on a server: regular files, and the folders they are in.
// Nothing leads out of it (store/beneath.hpp): a link to a file counts as that file as long as it stays
// beneath; links to folders, which may lead round in circles, and what is no file are left out and counted.

#include <cstdint>
#include <string>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"

namespace yam::service {

inline constexpr std::size_t put_files_max = 1'000'000;

struct PutTree {
  struct File {
    std::string name;  // beneath the folder: "a/b.txt", any bytes
    std::uint64_t size_bytes = 0;
  };
  std::vector<std::string> folders;  // likewise, each behind the one that it is in; without the first
  std::vector<File> files;
  std::size_t left_out = 0;
  std::vector<Error> faults;  // folders that could not be read
};

// Reads it all, names in order; a few µs an entry. `path` is for messages. Code::local, also beyond
// put_files_max.
Result<PutTree> read_put_tree(const net::Fd& folder, const std::string& path);

}  // namespace yam::service
