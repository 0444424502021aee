#pragma once
// One file's bytes on their way into an archive.

#include <cstdint>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/service/archive/archive_writer.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

// Of a sparse file more pieces than these are archived as if it were not.
inline constexpr std::size_t sparse_ranges_max = 4096;

// Where the file has bytes, in order; empty when it has no holes. Holes that appear or vanish later are read
// as they were.
std::vector<DataRange> data_ranges(const store::OpenedFile& file);

enum class FileEnd : std::uint8_t {
  as_announced,
  grew,    // what came behind its size is left out
  shrank,  // or could not be read on
};

// The head and the bytes. Faults are the writer's alone: those of the file end it early.
Result<FileEnd> archive_file(const store::OpenedFile& file, const ArchiveEntry& entry, ArchiveWriter& writer);

}  // namespace yam::service
