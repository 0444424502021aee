#pragma once
// Removes a tree of a served folder, a batch of entries at a time, never through a link, and never into
// another file system that is mounted there. Unfinished uploads in it go too. When it ends early, by a fault
// or because it is dropped, what is gone is gone.
//
// One thread at a time; 5 to 20 µs an entry.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/store/directory.hpp"

namespace yam::store {

inline constexpr std::size_t tree_depth_max = 128;  // folders in folders; each holds a descriptor meanwhile
inline constexpr unsigned sweeps_max = 8;           // of a folder in which others keep making files
inline constexpr std::size_t removals_per_step = 64;

class TreeRemoval {
 public:
  // `base` is the last part of `name`, in the directory `parent`. Code::not_found when nothing is there.
  static Result<TreeRemoval> begin(net::Fd parent, std::string base, std::string name);

  // Removes so many entries, and says whether any may be left. Code::refused for what is too deep, is a
  // mount, or keeps being written to; Code::local for permission.
  Result<bool> remove_some(std::size_t count_max = removals_per_step);

 private:
  struct Level {
    Directory directory;
    std::string name;  // in the level above
    unsigned sweeps = 1;
  };

  TreeRemoval(net::Fd parent, std::string name) : parent_(std::move(parent)), name_(std::move(name)) {}
  Result<void> enter(int folder, const std::string& base);
  Result<void> remove_entry(const std::string& base);
  Result<void> leave();
  std::unexpected<Error> fail_to_remove(int errno_value) const;

  net::Fd parent_;
  std::string name_;
  std::uint64_t device_ = 0;
  std::vector<Level> levels_;  // empty when all is gone
};

}  // namespace yam::store
