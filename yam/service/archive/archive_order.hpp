#pragma once
// What an archive is to hold, and what became of it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yam::service {

enum class ArchiveFormat : std::uint8_t { tar, tar_zst, zip };

std::string_view media_type_of(ArchiveFormat format);  // "application/x-tar"
std::string_view suffix_of(ArchiveFormat format);      // ".tar"

struct ArchiveOrder {
  ArchiveFormat format = ArchiveFormat::tar;
  std::string folder = {};              // beneath the served one; empty for that one itself
  std::vector<std::string> names = {};  // of its entries, without '/'; none for all of them
  std::string prefix = {};              // of each name in the archive: "photos/", or empty
};

inline constexpr std::size_t archive_depth_max = 64;   // folders in folders; what is deeper is left out
inline constexpr std::size_t archive_faults_max = 16;  // told in words; the rest is counted

struct ArchiveReport {
  std::uint64_t files = 0, folders = 0;
  std::uint64_t left_out = 0;  // links to folders, what vanished, what may not be read, what is no file
  std::uint64_t altered = 0;   // files that grew (and were cut) or shrank (and were filled) meanwhile
  std::vector<std::string> faults;

  void add_fault(std::string words) {
    if (faults.size() < archive_faults_max) faults.push_back(std::move(words));
  }
};

}  // namespace yam::service
