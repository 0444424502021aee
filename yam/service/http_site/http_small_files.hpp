#pragma once
// Short files that are asked for again and again, kept in memory: a request then costs one look at the file
// instead of opening, reading and closing it. What is kept is given out only while the file is the same to
// the nanosecond of its last change; what was changed within the last second is not kept, since the clock of
// file systems may not tell another change in that second apart.
//
// For the loop's own thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "yam/store/folder.hpp"

namespace yam::service {

class HttpSmallFiles {
 public:
  static constexpr std::uint64_t file_bytes_max = 32 * 1024;
  static constexpr std::size_t files_max = 256;  // 8 MiB; beyond them all are forgotten
  static constexpr std::chrono::seconds settling{1};

  struct Kept {
    store::FileStatus status;
    std::shared_ptr<const std::string> content;  // shared with answers that are on their way
  };

  // What is kept of the file that has this name now; null when it is another one or none.
  const Kept* find(const store::Folder& folder, std::string_view name);

  // A file was asked for at `now`: the second time its content is read and kept, if it may be.
  void note(std::string_view name, const store::OpenedFile& file, std::chrono::system_clock::time_point now);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  bool is_asked_again(std::string_view name);

  std::unordered_map<std::string, Kept, Hash, std::equal_to<>> kept_;
  std::array<std::uint32_t, 1024> asked_{};  // marks of names, by their hash
};

}  // namespace yam::service
