#pragma once
// An archive as a stream of bytes, made by libarchive: pax tar, the same under zstd, or zip (64 bit where a
// file needs it). No temporary file and no seeking; what it holds in memory does not grow, but for zip's
// directory of what is in it, about 100 bytes a file.
//
// For one thread of its own: it compresses, and its sink may wait.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/service/archive/archive_order.hpp"

struct archive;
struct archive_entry;

namespace yam::service {

struct ArchiveEntry {
  std::string name;        // "a/b.txt"; a folder's without its '/'
  std::uint64_t size = 0;  // bytes, of a file
  std::chrono::sys_time<std::chrono::nanoseconds> mtime = {};
  unsigned mode = 0644;  // the permission bits
};

// Where a sparse file has bytes; between them are zeros.
struct DataRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;

  bool operator==(const DataRange&) const = default;
};

class ArchiveWriter {
 public:
  // Takes bytes of the archive, borrowed for the call; false when nobody wants them any more.
  using Sink = std::function<bool(ByteView)>;

  static Result<std::unique_ptr<ArchiveWriter>> open(ArchiveFormat format, Sink sink);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // Each of them: Code::interrupted once the sink has said no, Code::local for what libarchive cannot do.
  Result<void> add_folder(const ArchiveEntry& folder);
  // `data` where it is sparse (tar keeps the holes), else empty. Its bytes follow, with zeros in the holes.
  Result<void> begin_file(const ArchiveEntry& file, std::span<const DataRange> data);
  // What comes beyond the size that was announced is left out.
  Result<void> write(ByteView bytes);
  // All bytes that were announced have come: readers of zip stumble over another size.
  Result<void> end_file();
  Result<void> finish();

 private:
  struct Free {
    void operator()(archive* writer) const;
    void operator()(archive_entry* entry) const;
  };

  ArchiveWriter() = default;
  Result<void> set_up(ArchiveFormat format);
  Result<void> begin(const ArchiveEntry& entry, unsigned kind, std::span<const DataRange> data);
  Result<void> checked(int code) const;

  Sink sink_;
  bool unwanted_ = false;
  std::unique_ptr<archive_entry, Free> entry_;
  std::unique_ptr<archive, Free> archive_;
};

}  // namespace yam::service
