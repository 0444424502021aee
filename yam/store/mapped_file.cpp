#include "yam/store/mapped_file.hpp"

#include <cerrno>
#include <cstddef>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>

namespace yam::store {

// Private, because more file systems map that way; nothing is ever written.
Result<MappedFile> MappedFile::map(net::Fd file, std::uint64_t size) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return fail_os("cannot map the file", errno);
  if (size == 0) return MappedFile(std::move(file), {}, status.st_mtim);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) return fail_os("cannot map the file", errno);
  return MappedFile(std::move(file), {static_cast<const std::byte*>(memory), size}, status.st_mtim);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : file_(std::move(other.file_)),
      bytes_(std::exchange(other.bytes_, {})),
      written_at_(other.written_at_) {}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

bool MappedFile::is_unchanged() const {
  struct stat status{};
  return ::fstat(file_.get(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) >= size() &&
         status.st_mtim.tv_sec == written_at_.tv_sec && status.st_mtim.tv_nsec == written_at_.tv_nsec;
}

}  // namespace yam::store
