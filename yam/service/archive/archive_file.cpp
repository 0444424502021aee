#include "yam/service/archive/archive_file.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace yam::service {

namespace {

constexpr std::size_t archive_read_bytes = 256 * 1024;
constexpr std::uint64_t status_block_bytes = 512;  // st_blocks, stat(2)

bool has_holes(const store::OpenedFile& file) {
  struct stat status{};
  return ::fstat(file.fd.get(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) >= file.size &&
         static_cast<std::uint64_t>(status.st_blocks) * status_block_bytes < file.size;
}

// Bytes at `offset`; 0 at the file's end and where it cannot be read.
std::size_t read_file_at(int file, ByteSpan buffer, std::uint64_t offset) {
  for (;;) {
    const ssize_t count = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return 0;
  }
}

class FileCopy {
 public:
  FileCopy(const store::OpenedFile& file, ArchiveWriter& writer) : file_(file), writer_(writer) {}

  // All that was announced: zeros for what is no longer there.
  Result<void> copy(const std::vector<DataRange>& data) {
    if (const auto copied = copy_ranges(data); !copied) return copied;
    return fill(file_.size);
  }
  FileEnd end() {
    if (shrank_) return FileEnd::shrank;
    std::byte one{};
    return read_file_at(file_.fd.get(), {&one, 1}, file_.size) > 0 ? FileEnd::grew : FileEnd::as_announced;
  }

 private:
  Result<void> copy_ranges(const std::vector<DataRange>& data) {
    if (data.empty()) return copy_data(file_.size);
    for (const auto& range : data) {
      if (const auto filled = fill(range.offset); !filled) return filled;
      if (const auto copied = copy_data(range.offset + range.bytes); !copied || shrank_) return copied;
    }
    return {};
  }

  Result<void> copy_data(std::uint64_t end) {
    while (at_ < end) {
      const ByteSpan space(buffer_.get(), std::min<std::uint64_t>(archive_read_bytes, end - at_));
      const std::size_t count = read_file_at(file_.fd.get(), space, at_);
      shrank_ = count == 0;
      if (shrank_) return {};
      at_ += count;
      if (const auto written = writer_.write(space.first(count)); !written) return written;
    }
    return {};
  }

  // A hole, without asking the disk.
  Result<void> fill(std::uint64_t end) {
    if (at_ < end) std::fill_n(buffer_.get(), archive_read_bytes, std::byte{});
    while (at_ < end) {
      const std::size_t bytes = std::min<std::uint64_t>(archive_read_bytes, end - at_);
      at_ += bytes;
      if (const auto written = writer_.write({buffer_.get(), bytes}); !written) return written;
    }
    return {};
  }

  const store::OpenedFile& file_;
  ArchiveWriter& writer_;
  std::unique_ptr<std::byte[]> buffer_ = std::make_unique_for_overwrite<std::byte[]>(archive_read_bytes);
  std::uint64_t at_ = 0;
  bool shrank_ = false;
};

}  // namespace

std::vector<DataRange> data_ranges(const store::OpenedFile& file) {
  std::vector<DataRange> ranges;
  if (!has_holes(file)) return ranges;
  const auto size = static_cast<off_t>(file.size);
  for (off_t at = 0; at < size;) {
    const off_t begin = ::lseek(file.fd.get(), at, SEEK_DATA);
    if (begin < 0 && errno != ENXIO) return {};  // the file system knows no holes
    if (begin < 0 || begin >= size) break;
    const off_t hole = ::lseek(file.fd.get(), begin, SEEK_HOLE);
    if (hole < 0 || ranges.size() == sparse_ranges_max) return {};
    at = std::min(hole, size);
    ranges.push_back({static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(at - begin)});
  }
  // A file of nothing but a hole has one range without bytes, at its end.
  if (ranges.empty()) ranges.push_back({file.size, 0});
  return ranges;
}

Result<FileEnd> archive_file(const store::OpenedFile& file, const ArchiveEntry& entry,
                             ArchiveWriter& writer) {
  const auto data = data_ranges(file);
  if (const auto begun = writer.begin_file(entry, data); !begun) return fail(begun.error());
  FileCopy copy(file, writer);
  if (const auto copied = copy.copy(data); !copied) return fail(copied.error());
  if (const auto ended = writer.end_file(); !ended) return fail(ended.error());
  return copy.end();
}

}  // namespace yam::service
